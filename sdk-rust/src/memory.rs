//! Memory that only grows. The host puts a policy's memory back after each call,
//! so freeing would be work for nothing.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use core::cell::UnsafeCell;
use core::slice::from_raw_parts_mut;

const PAGE: usize = 65536;

/// The allocator, for policies that bring `alloc` (Rust 1.68 or newer).
#[global_allocator]
static HEAP: Heap = Heap {
    next: UnsafeCell::new(0),
};

struct Heap {
    next: UnsafeCell<usize>, // first free address; 0 until first asked
}

// A policy has one thread.
unsafe impl Sync for Heap {}

extern "C" {
    static __heap_base: u8; // where the linker's data and stack end
}

impl Heap {
    fn next(&self) -> usize {
        let next = unsafe { *self.next.get() };
        if next == 0 {
            unsafe { &__heap_base as *const u8 as usize }
        } else {
            next
        }
    }

    /// Takes `size` bytes from `start` on, growing memory where needed.
    fn take(&self, start: usize, size: usize) {
        let end = match start.checked_add(size) {
            Some(end) => end,
            None => unreachable(),
        };
        let have = memory_size(0);
        let need = end / PAGE + usize::from(end % PAGE != 0);
        if need > have && memory_grow(0, need - have) == usize::MAX {
            unreachable() // out of memory: the call is refused
        }
        unsafe { *self.next.get() = end }
    }
}

unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = (self.next() + layout.align() - 1) & !(layout.align() - 1);
        self.take(start, layout.size());
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// All memory that is free without growing.
pub fn room() -> &'static mut [u8] {
    let start = HEAP.next();
    let end = memory_size(0) * PAGE;
    unsafe { from_raw_parts_mut(start as *mut u8, end.saturating_sub(start)) }
}

/// At least `size` bytes that are free, growing memory where needed.
pub fn grow(size: usize) -> &'static mut [u8] {
    let start = HEAP.next();
    HEAP.take(start, size);
    unsafe { *HEAP.next.get() = start };
    room()
}

/// The next `size` bytes, for good.
pub fn take(size: usize) -> &'static mut [u8] {
    let start = HEAP.next();
    HEAP.take(start, size);
    unsafe { from_raw_parts_mut(start as *mut u8, size) }
}
