//! What an Action writes to `console`, bounded, and free of what a terminal would obey.

/// So many characters of the logs of one Action are kept at Auth0
/// (<https://auth0.com/docs/customize/actions/limitations>).
const KEPT_BY_AUTH0: usize = 256;
/// So many are kept here; what is over is cut.
const KEPT: usize = 8 * 1024;

/// The lines so far.
#[derive(Debug, Default)]
pub struct Log {
    lines: Vec<String>,
    characters: usize,
    cut: bool,
}

impl Log {
    /// Adds one call of `console.log`, which may be of several lines.
    pub fn write(&mut self, text: &str) {
        for line in text.split('\n') {
            let room = KEPT.saturating_sub(self.characters);
            if room == 0 {
                self.cut = true;
                return;
            }
            let visible = line.chars().map(|char| if char.is_control() { '\u{fffd}' } else { char });
            let line: String = visible.take(room).collect();
            // An empty line costs something too, or there could be any number of them.
            self.characters += line.chars().count().max(1);
            self.lines.push(line);
        }
    }

    /// The lines, and what is to be said of them.
    pub fn end(self) -> (Vec<String>, Option<String>) {
        let warning = if self.cut {
            Some(format!("it logs more than {KEPT} characters: the rest is cut"))
        } else {
            let long = self.characters > KEPT_BY_AUTH0;
            long.then(|| format!("it logs {} characters: Auth0 keeps {KEPT_BY_AUTH0}", self.characters))
        };
        (self.lines, warning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(texts: &[&str]) -> (Vec<String>, Option<String>) {
        let mut log = Log::default();
        texts.iter().for_each(|text| log.write(text));
        log.end()
    }

    #[test]
    fn what_a_terminal_would_obey_is_replaced() {
        assert_eq!(written(&["a\u{1b}[31mb\r", "c\nd"]).0, ["a\u{fffd}[31mb\u{fffd}", "c", "d"]);
    }

    #[test]
    fn a_log_that_is_too_long_says_so() {
        assert_eq!(written(&[&"x".repeat(256)]).1, None);
        assert!(written(&[&"x".repeat(257)]).1.unwrap().contains("Auth0 keeps 256"));
        let (lines, warning) = written(&["x".repeat(10_000).as_str(), "more"]);
        assert_eq!((lines.len(), lines[0].len()), (1, KEPT));
        assert!(warning.unwrap().contains("cut"));
        assert_eq!(written(&["\n".repeat(100_000).as_str()]).0.len(), KEPT);
    }
}
