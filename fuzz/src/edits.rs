//! Changes to a text that is made on the way, such as a signature: lines at the end of an input, `-what is there` and
//! `+what comes instead`, in pairs. Each pair changes the first place where it fits. `\n` and `\r` stand for line ends.

/// Cuts the edits off an input.
pub fn split(input: &str) -> (&str, Vec<(String, String)>) {
    let mut rest = input.strip_suffix('\n').unwrap_or(input);
    let mut edits = Vec::new();
    loop {
        let (before, new) = last_line(rest);
        let (before, old) = last_line(before.unwrap_or_default());
        let (Some(new), Some(old), Some(before)) = (new.strip_prefix('+'), old.strip_prefix('-'), before) else {
            edits.reverse();
            return (rest, edits);
        };
        edits.push((unescaped(old), unescaped(new)));
        rest = before;
    }
}

/// Carries edits out. An edit of nothing puts its text in front.
pub fn apply(text: String, edits: &[(String, String)]) -> String {
    edits.iter().fold(text, |text, (old, new)| text.replacen(old.as_str(), new, 1))
}

fn last_line(text: &str) -> (Option<&str>, &str) {
    text.rsplit_once('\n').map_or((None, text), |(before, line)| (Some(before), line))
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\r", "\r")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_the_pairs_of_lines_at_the_end() {
        let (text, edits) = split("GET / HTTP/1.1\n- a\n\nbody\n-x\n+y\n-\n+a\\nb\n");
        assert_eq!(text, "GET / HTTP/1.1\n- a\n\nbody");
        assert_eq!(edits, [("x".to_owned(), "y".to_owned()), (String::new(), "a\nb".to_owned())]);
        assert_eq!(apply("xx".to_owned(), &edits), "a\nbyx");
        assert_eq!(split("plain"), ("plain", vec![]));
    }
}
