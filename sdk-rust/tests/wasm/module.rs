//! Reads the sections of a module.

/// The sections of a module: id and content.
fn sections(module: &[u8]) -> Vec<(u8, Vec<u8>)> {
    assert_eq!(&module[..8], b"\0asm\x01\0\0\0");
    let mut rest = &module[8..];
    let mut sections = Vec::new();
    while let Some((id, after)) = rest.split_first() {
        rest = after;
        let size = number(&mut rest);
        sections.push((*id, rest[..size].to_vec()));
        rest = &rest[size..];
    }
    sections
}

/// An unsigned LEB128 number.
fn number(bytes: &mut &[u8]) -> usize {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}

fn text(bytes: &mut &[u8]) -> String {
    let size = number(bytes);
    let text = String::from_utf8(bytes[..size].to_vec()).unwrap();
    *bytes = &bytes[size..];
    text
}

/// Names and contents of the custom sections.
pub fn custom(module: &[u8]) -> Vec<(String, String)> {
    let split = |(_, content): (u8, Vec<u8>)| {
        let mut rest = &content[..];
        (text(&mut rest), String::from_utf8_lossy(rest).into_owned())
    };
    let all = sections(module).into_iter();
    all.filter(|(id, _)| *id == 0).map(split).collect()
}

/// The modules that functions are imported from, and the names of the functions.
pub fn imports(module: &[u8]) -> Vec<(String, String)> {
    let all = sections(module);
    let mut rest = match all.iter().find(|(id, _)| *id == 2) {
        Some((_, content)) => &content[..],
        None => return Vec::new(),
    };
    let count = number(&mut rest);
    let import = |_| {
        let import = (text(&mut rest), text(&mut rest));
        assert_eq!(number(&mut rest), 0, "{import:?} is no function");
        number(&mut rest);
        import
    };
    (0..count).map(import).collect()
}

/// Exported functions and memories, in order of name.
pub fn exports(module: &[u8]) -> Vec<String> {
    let all = sections(module);
    let mut rest = &all.iter().find(|(id, _)| *id == 7).unwrap().1[..];
    let count = number(&mut rest);
    let export = |_| {
        let name = text(&mut rest);
        let kind = number(&mut rest);
        number(&mut rest);
        (kind, name)
    };
    let exports: Vec<_> = (0..count).map(export).collect();
    let wanted = exports.into_iter().filter(|(kind, _)| *kind != 3);
    let mut names: Vec<_> = wanted.map(|(_, name)| name).collect();
    names.sort();
    names
}

/// The pages that the memory begins with.
pub fn pages(module: &[u8]) -> usize {
    let all = sections(module);
    let mut rest = &all.iter().find(|(id, _)| *id == 5).unwrap().1[2..];
    number(&mut rest)
}
