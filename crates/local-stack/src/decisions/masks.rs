//! What takes names out of texts. A subject keeps its connection and its last four characters, and only where enough of
//! it stays hidden; a session's name, which is made from it, the last four. What could be a token or a key in disguise
//! isn't shown either: a long segment of a path ends early.

/// What stands for what.
#[derive(Default)]
pub struct Masks(Vec<(String, String)>);

/// How many characters of a name are shown.
const SHOWN: usize = 4;
/// A shorter name shows none: too little would stay hidden.
const LONG_ENOUGH: usize = 2 * SHOWN;
/// The longest connection that is shown.
const CONNECTION: usize = 32;
/// The longest segment of a path that is shown whole, and what is shown of a longer one.
const SEGMENT: usize = 32;
const SEGMENT_START: usize = 8;

impl Masks {
    /// Hides a subject, and says what stands for it: `amazon|…0001`.
    pub fn subject(&mut self, subject: &str) -> String {
        let (connection, id) = subject.split_once('|').map_or((None, subject), |(before, id)| (Some(before), id));
        let mut mask = connection.map(|connection| cut(connection, CONNECTION) + "|").unwrap_or_default();
        mask.push_str(&end(id));
        self.replace(subject, mask.clone());
        // A part of it may stand alone, as in a session's name.
        self.replace(id, end(id));
        mask
    }

    /// Hides a name.
    pub fn name(&mut self, name: &str) {
        self.replace(name, end(name));
    }

    /// Puts one text in the place of another.
    pub fn replace(&mut self, text: &str, by: String) {
        if !text.is_empty() && text != by {
            self.0.push((text.to_owned(), by));
        }
    }

    /// The text without what is hidden. A short one would be found in every other, so it counts only where it ends an ARN
    /// or an id, or is all there is.
    pub fn apply(&self, text: &str) -> String {
        let mut result = text.to_owned();
        for (hidden, mask) in &self.0 {
            if hidden.chars().count() >= LONG_ENOUGH {
                result = result.replace(hidden, mask);
            } else if let Some(before) = result.strip_suffix(hidden.as_str())
                && (before.is_empty() || before.ends_with([':', '/', '|']))
            {
                result = format!("{before}{mask}");
            }
        }
        result
    }
}

/// `…0001`
fn end(name: &str) -> String {
    let count = name.chars().count();
    let shown = if count < LONG_ENOUGH { 0 } else { SHOWN };
    let end: String = name.chars().skip(count - shown).collect();
    format!("…{}", visible(&end))
}

/// The path with its long segments cut.
pub fn short_path(path: &str) -> String {
    let segment = |segment: &str| match segment.chars().count() {
        ..=SEGMENT => segment.to_owned(),
        _ => cut(segment, SEGMENT_START),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// At most so many characters, none of them invisible.
pub fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => visible(text),
        Some((end, _)) => visible(&text[..end]) + "…",
    }
}

fn visible(text: &str) -> String {
    // Besides what controls a terminal, what changes the direction of the text around it.
    let hidden = |char: char| {
        char.is_control()
            || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().map(|char| if hidden(char) { '\u{fffd}' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_keeps_its_connection_and_its_last_four_characters() {
        let check = |subject: &str, mask: &str| assert_eq!(Masks::default().subject(subject), mask, "{subject}");
        check("amazon|amzn1.account.AFRED", "amazon|…FRED");
        check("samlp|initech|barney@initech.example", "samlp|…mple");
        check("auth0|1234567", "auth0|…");
        check("auth0|12345678", "auth0|…5678");
        check("1", "…");
        check("", "…");
        check("x\u{202e}\n|12345678", "x\u{fffd}\u{fffd}|…5678");
        check(&format!("{}|12345678", "c".repeat(200)), &format!("{}…|…5678", "c".repeat(32)));
    }

    #[test]
    fn what_is_hidden_is_hidden_inside_of_other_values_too() {
        let mut masks = Masks::default();
        masks.subject("amazon|amzn1.account.AFRED");
        masks.name("amazon-amzn1.account.AFRED");
        let check = |text: &str, masked: &str| assert_eq!(masks.apply(text), masked);
        check("amazon|amzn1.account.AFRED", "amazon|…FRED");
        check("AROAX:amazon-amzn1.account.AFRED", "AROAX:amazon-…FRED");
        check("amazon|*", "amazon|*");
        let mut short = Masks::default();
        short.subject("auth0|1");
        short.name("ab");
        let check = |text: &str, masked: &str| assert_eq!(short.apply(text), masked);
        check("auth0|1", "auth0|…");
        check("arn:aws:sts::123456789012:assumed-role/r/ab", "arn:aws:sts::123456789012:assumed-role/r/…");
        check("arn:aws:iam::123456789011:role/cab", "arn:aws:iam::123456789011:role/cab");
    }

    #[test]
    fn a_long_segment_of_a_path_ends_early() {
        assert_eq!(short_path("/pets/purchase"), "/pets/purchase");
        assert_eq!(short_path(&format!("/pets/{}/x", "k".repeat(40))), "/pets/kkkkkkkk…/x");
    }
}
