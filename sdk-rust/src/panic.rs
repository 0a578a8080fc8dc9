//! Panics: message, file and line go to the host's log, then the call ends.

use core::arch::wasm32::unreachable;
use core::fmt::{self, Write};
use core::panic::PanicInfo;

use crate::abi;

/// A line of bounded length; what does not fit is left out. The host mends a
/// character that is cut in two.
struct Line {
    bytes: [u8; abi::limit::MESSAGE as usize],
    len: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let rest = self.bytes.iter_mut().skip(self.len);
        for (to, from) in rest.zip(text.bytes()) {
            *to = from;
            self.len += 1;
        }
        Ok(())
    }
}

#[panic_handler]
fn report(info: &PanicInfo) -> ! {
    let mut line = Line {
        bytes: [0; abi::limit::MESSAGE as usize],
        len: 0,
    };
    let _ = write!(line, "{}", info);
    unsafe { abi::panic(line.bytes.as_ptr(), line.len) };
    unreachable()
}
