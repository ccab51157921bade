//! Wildcard matching in time linear in the text times the pattern, whatever either contains: the set of reachable
//! pattern positions is carried along the text, nothing is ever tried twice.

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// This character.
    Char(char),
    /// `?`
    One,
    /// `*`
    Any,
    /// `?` within one of an ARN's first five components: not a colon.
    OneInComponent,
    /// `*` within one of an ARN's first five components, with more of the component after it: no colon.
    AnyInComponent,
}

/// How letters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Sensitive,
    /// Without case in ASCII: action names.
    Ascii,
    /// Without case in Unicode: `StringEqualsIgnoreCase`.
    Unicode,
}

/// Whether the pattern covers the whole text.
pub(crate) fn matches(pattern: &[Token], text: &str, case: Case) -> bool {
    let mut text = text.chars();
    let lead = pattern.iter().take_while(|token| !token.is_star()).count();
    let (lead, pattern) = pattern.split_at(lead);
    for token in lead {
        if !text.next().is_some_and(|c| token.takes(c, case)) {
            return false;
        }
    }
    match pattern {
        [] => text.next().is_none(),
        [Token::Any] => true,
        _ => reaches_end(pattern, text, case),
    }
}

fn reaches_end(pattern: &[Token], text: std::str::Chars<'_>, case: Case) -> bool {
    let mut now = Vec::with_capacity(8);
    let mut next = Vec::with_capacity(8);
    enter(&mut now, pattern, 0);
    for c in text {
        for &position in &now {
            match pattern.get(position) {
                Some(star) if star.is_star() && star.takes(c, case) => {
                    enter(&mut next, pattern, position);
                }
                Some(token) if !token.is_star() && token.takes(c, case) => enter(&mut next, pattern, position + 1),
                _ => {}
            }
        }
        std::mem::swap(&mut now, &mut next);
        next.clear();
        if now.is_empty() {
            return false;
        }
    }
    now.last() == Some(&pattern.len())
}

/// Adds a position and those behind its stars, which may match nothing. Positions arrive in ascending order, and each
/// brings an unbroken run, so one that isn't above the last is there already. From a `*` everything can be reached
/// that could be from before it, so what is before it is dropped.
fn enter(positions: &mut Vec<usize>, pattern: &[Token], mut position: usize) {
    loop {
        if positions.last().is_none_or(|&last| last < position) {
            if pattern.get(position) == Some(&Token::Any) {
                positions.clear();
            }
            positions.push(position);
        }
        if !pattern.get(position).is_some_and(|token| token.is_star()) {
            return;
        }
        position += 1;
    }
}

impl Token {
    fn is_star(self) -> bool {
        matches!(self, Self::Any | Self::AnyInComponent)
    }

    fn takes(self, c: char, case: Case) -> bool {
        match self {
            Self::Char(wanted) => match case {
                Case::Sensitive => wanted == c,
                Case::Ascii => wanted.eq_ignore_ascii_case(&c),
                Case::Unicode => wanted == c || wanted.to_lowercase().eq(c.to_lowercase()),
            },
            Self::One | Self::Any => true,
            Self::OneInComponent | Self::AnyInComponent => c != ':',
        }
    }
}
