//! A text of the request, bent into a pattern that matches it or misses it by a little.

use proptest::prelude::*;

/// How to write a pattern.
#[derive(Debug, Clone, Copy)]
pub struct Bend {
    /// Out of the request's own word, not of another.
    pub own: bool,
    pub how: u8,
    /// Where, as a number that is taken modulo what there is.
    pub at: usize,
}

pub fn any_bend() -> impl Strategy<Value = Bend> {
    (prop::bool::weighted(0.75), 0_u8..24, 0_usize..64).prop_map(|(own, how, at)| Bend { own, how, at })
}

/// Wildcards and other cases, within a text whose characters all may be replaced.
pub fn bent(text: &str, Bend { how, at, .. }: Bend) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = at % (chars.len() + 1);
    let (before, after): (String, String) = (chars[..at].iter().collect(), chars[at..].iter().collect());
    let rest: String = after.chars().skip(1).collect();
    let skipped: String = after.chars().skip(3).collect();
    match how {
        0..=7 => text.to_owned(),
        8..=10 => format!("{before}*"),
        11 => format!("{before}*{after}"),
        12 | 13 => format!("{before}*{skipped}"),
        14 | 15 if !after.is_empty() => format!("{before}?{rest}"),
        16 => format!("*{after}"),
        17 => swapped(text),
        18 if !after.is_empty() => format!("{before}{}{rest}", swapped(&after[..after.len() - rest.len()])),
        19 => format!("{before}?{after}"),
        20 => format!("{text}x"),
        21 => format!("{before}*?{skipped}"),
        _ => text.to_owned(),
    }
}

fn swapped(text: &str) -> String {
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(swap).collect()
}

/// Of an action the name may have wildcards, the service none.
pub fn bent_action(action: &str, bend: Bend) -> String {
    let (service, name) = action.split_once(':').expect("an action is service:Name");
    match bend.how {
        22 => "*".into(),
        17 => swapped(action),
        _ => format!("{service}:{}", bent(name, bend)),
    }
}

/// Of an ARN all but the service may have wildcards, and what is left of them at its end. Variables stand in its last
/// component: the name of a person for the key that has it, in various ways.
pub fn bent_resource(arn: &str, bend: Bend, name: &str) -> String {
    let mut parts: Vec<String> = arn.splitn(6, ':').map(escaped).collect();
    match (bend.how, bend.at % 8) {
        (22, _) => return "*".into(),
        (23, 0) => return format!("{}:*", parts[..3].join(":")),
        (23, 1) => return format!("{}:*:*", parts[..3].join(":")),
        (23, 2) => parts[5] = parts[5].replace(name, "${app:text}"),
        (23, 3) => parts[5] = parts[5].replace(name, "${App:Text, 'fred'}"),
        (23, 4) => parts[5] = parts[5].replace(name, "${app:none, 'fred'}"),
        (23, 5) => parts[5] = parts[5].replace(name, "${app:none}"),
        (23, _) => parts[5] = format!("{}{}", parts[5].replace("fred", "${app:texts}"), "*"),
        // Bending what is escaped would bend the escape.
        _ if parts[5].contains("${") => {}
        (_, component) => {
            let component = [5, 5, 5, 5, 5, 4, 3, 1][component];
            parts[component] = bent(&parts[component], Bend { at: bend.at / 2, ..bend });
            if parts[1].is_empty() {
                parts[1] = "*".into();
            }
        }
    }
    parts.join(":")
}

/// A text that stands for itself: what has a meaning in patterns is written as a variable.
fn escaped(text: &str) -> String {
    text.replace('$', "${$}").replace('*', "${*}").replace('?', "${?}")
}
