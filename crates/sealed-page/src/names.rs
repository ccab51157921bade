//! The names by which the module asks its script for what it needs. wasm-bindgen makes each one unlike any other in the
//! world, with sixteen digits that no compression makes smaller, in both files. Within a bundle short ones do.

/// What a renamed import has at its end.
const DIGITS: usize = 16;

/// The script and its module with short names for what they share; nothing if either isn't as wasm-bindgen writes it, and
/// then both stay as they are. A name that is anything but one key in the script is kept.
pub fn shortened(script: &str, module: &[u8]) -> Option<(String, Vec<u8>)> {
    let mut rest = module.strip_prefix(b"\0asm\x01\0\0\0")?;
    let mut made = module[..8].to_vec();
    let mut script = script.to_owned();
    while let Some((&id, section)) = rest.split_first() {
        let mut section = section;
        let length = number(&mut section)?;
        let (content, behind) = section.split_at_checked(length)?;
        if id == IMPORTS {
            let content = imports(content, &mut script)?;
            made.push(id);
            write(content.len(), &mut made);
            made.extend(content);
        } else {
            made.extend(&rest[..rest.len() - behind.len()]);
        }
        rest = behind;
    }
    Some((script, made))
}

const IMPORTS: u8 = 2;

/// The section of imports, each a module's name, its own, and what it is. Functions come first; behind them the rest is
/// copied as it is.
fn imports(mut section: &[u8], script: &mut String) -> Option<Vec<u8>> {
    let count = number(&mut section)?;
    let mut made = Vec::new();
    write(count, &mut made);
    for turn in 0..count {
        let entry = section;
        let (from, name) = (text(&mut section)?, text(&mut section)?);
        let (&kind, mut behind) = section.split_first()?;
        if kind != FUNCTION {
            made.extend(entry);
            break;
        }
        let of = number(&mut behind)?;
        section = behind;
        let short = format!("_{turn}");
        let is_key = |name: &str| [':', '('].into_iter().any(|end| script.contains(&format!("{name}{end}")));
        let is_one = script.matches(name).count() == 1 && is_key(name) && !is_key(&short);
        let renamed = is_unlike_any_other(name) && is_one;
        if renamed {
            *script = script.replace(name, &short);
        }
        for text in [from, if renamed { &short } else { name }] {
            write(text.len(), &mut made);
            made.extend(text.bytes());
        }
        made.push(kind);
        write(of, &mut made);
    }
    Some(made)
}

const FUNCTION: u8 = 0;

fn is_unlike_any_other(name: &str) -> bool {
    let digits = name.strip_prefix("__wbg_").and_then(|name| name.rsplit_once('_')).map(|(_, digits)| digits);
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A number as WebAssembly writes it (LEB128), of at most 32 bits.
fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0_u64;
    for place in 0..5 {
        let (&byte, behind) = bytes.split_first()?;
        *bytes = behind;
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return u32::try_from(value).ok().map(|value| value as usize);
        }
    }
    None
}

fn write(mut value: usize, made: &mut Vec<u8>) {
    while value > 0x7f {
        made.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    made.push(value as u8);
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = number(bytes)?;
    let (text, behind) = bytes.split_at_checked(length)?;
    *bytes = behind;
    std::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "__wbg_back_0123456789abcdef";

    fn module(names: &[&str]) -> Vec<u8> {
        let mut section = vec![names.len() as u8];
        for name in names {
            section.extend([1, b'w', name.len() as u8]);
            section.extend(name.bytes());
            section.extend([FUNCTION, 3]);
        }
        // A section before and one behind.
        let mut module = b"\0asm\x01\0\0\0\x01\x01\0".to_vec();
        module.push(IMPORTS);
        write(section.len(), &mut module);
        module.extend(section);
        module.extend(b"\x0a\x02ab");
        module
    }

    #[test]
    fn what_script_and_module_share_gets_a_short_name_in_both() {
        let script = format!("const i = {{ {LONG}: function(a) {{}}, __wbindgen_init: b }};");
        let (shorter, made) = shortened(&script, &module(&[LONG, "__wbindgen_init"])).unwrap();
        assert_eq!(shorter, "const i = { _0: function(a) {}, __wbindgen_init: b };");
        assert_eq!(made, module(&["_0", "__wbindgen_init"]));
    }

    #[test]
    fn a_name_that_is_more_than_a_key_is_kept() {
        for script in
            [format!("{LONG}: a, {LONG}: b"), format!("'{LONG}'"), "nothing".to_owned(), format!("{LONG}: '_0:'")]
        {
            let (same, made) = shortened(&script, &module(&[LONG])).unwrap();
            assert_eq!((same, made), (script, module(&[LONG])));
        }
    }

    #[test]
    fn what_is_no_module_stays_as_it_is() {
        let good = module(&[LONG]);
        assert!(shortened("", b"\0asm").is_none());
        assert!(shortened("", &good[..good.len() - 1]).is_none());
        assert!(shortened("", &[&good[..12], &[0xff; 6]].concat()).is_none());
    }
}
