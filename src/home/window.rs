//! What of a long list is in the document: the rows near the screen. Every row of a long list is as high as every other
//! (`.pets[data-long]`), so the place of each is known without it being there, and the scrollbar tells the truth.

use std::ops::Range;

/// Up to here a list is in the document as a whole.
pub const WHOLE: usize = 150;

/// How a list lies in the window, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lie {
    /// Cards in a row.
    pub columns: usize,
    /// From the top of one row to that of the next.
    pub pitch: f64,
    /// From the window's top to that of the list; negative for one that is scrolled past.
    pub top: f64,
    /// Of the window.
    pub height: f64,
}

/// So many cards of a long list are there before anything is known of how it lies: as a large window shows.
const FIRST: usize = 48;

/// What is in the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which cards.
    pub cards: Range<usize>,
    /// Room for the rows above them, in pixels.
    pub above: f64,
    /// And below.
    pub below: f64,
}

/// What to show of so many cards. One more screen above and below: a hand on the wheel never meets an empty row.
pub fn shown(count: usize, lie: Option<Lie>) -> Shown {
    let begin = if count > WHOLE { FIRST } else { count };
    let whole = Shown { cards: 0..begin, above: 0.0, below: 0.0 };
    let fits = |lie: &Lie| count > WHOLE && lie.columns > 0 && lie.pitch >= 1.0 && count > lie.columns;
    let Some(lie) = lie.filter(fits) else { return whole };
    let rows = count.div_ceil(lie.columns);
    // A number that is no row becomes the nearest one.
    let row = |from_top: f64| ((from_top / lie.pitch).floor().max(0.0) as usize).min(rows);
    // Two rows are always there: the lie of the list is measured by them.
    let first = row(-lie.top - lie.height).min(rows - 2);
    let end = row(-lie.top + 2.0 * lie.height).saturating_add(1).clamp(first + 2, rows);
    Shown {
        cards: (first * lie.columns).min(count)..(end * lie.columns).min(count),
        above: first as f64 * lie.pitch,
        below: (rows - end) as f64 * lie.pitch,
    }
}

/// How far to scroll so that the card at the top of the window stays there when rows become wider or higher.
pub fn drift(count: usize, was: Lie, now: Lie) -> f64 {
    let is_inside = was.top < 0.0 && was.pitch >= 1.0 && -was.top < place(count, was);
    if !is_inside || (was.columns, was.pitch) == (now.columns, now.pitch) {
        return 0.0;
    }
    let rows = -was.top / was.pitch;
    let card = rows as usize * was.columns;
    now.top + place(card, now) + rows.fract() * now.pitch
}

/// Where the row of this card begins, from the top of the list.
pub fn place(card: usize, lie: Lie) -> f64 {
    (card / lie.columns.max(1)) as f64 * lie.pitch
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIE: Lie = Lie { columns: 4, pitch: 200.0, top: 0.0, height: 1000.0 };

    #[test]
    fn a_short_list_is_there_as_a_whole() {
        assert_eq!(shown(WHOLE, Some(LIE)), Shown { cards: 0..WHOLE, above: 0.0, below: 0.0 });
        assert_eq!(shown(0, None).cards, 0..0);
    }

    #[test]
    fn a_long_list_begins_before_anything_is_known_of_it() {
        assert_eq!(shown(10_000, None).cards, 0..FIRST);
        assert_eq!(shown(10_000, Some(Lie { columns: 0, ..LIE })).cards, 0..FIRST);
        assert_eq!(shown(10_000, Some(Lie { pitch: f64::NAN, ..LIE })).cards, 0..FIRST);
    }

    #[test]
    fn what_is_on_the_screen_is_there_wherever_one_has_scrolled_and_nothing_jumps() {
        for count in [151_usize, 1000, 9_999] {
            let rows = count.div_ceil(LIE.columns);
            for top in (-2_000..=(rows as i32 * 200 + 4_000)).step_by(37) {
                let lie = Lie { top: -f64::from(top), ..LIE };
                let shown = shown(count, Some(lie));
                assert!((5..=4 * 17).contains(&shown.cards.len()) && shown.cards.end <= count, "{top}: {shown:?}");
                assert_eq!(shown.cards.start % LIE.columns, 0);
                let there = shown.cards.len().div_ceil(LIE.columns) as f64 * LIE.pitch;
                assert_eq!(shown.above + there + shown.below, rows as f64 * LIE.pitch, "{top}: {shown:?}");
                for card in 0..count {
                    let (from, to) = (place(card, lie) + lie.top, place(card, lie) + lie.top + LIE.pitch);
                    let is_seen = to > 0.0 && from < LIE.height;
                    assert!(!is_seen || shown.cards.contains(&card), "{top}: {card} of {shown:?}");
                }
            }
        }
    }

    #[test]
    fn a_window_that_changes_keeps_the_card_at_its_top() {
        // A quarter into row 10, whose first card is number 40.
        let was = Lie { top: -2_050.0, ..LIE };
        let now = Lie { columns: 2, pitch: 300.0, ..was };
        let scrolled = 2_050.0 + drift(1_000, was, now);
        assert_eq!(scrolled, 20.25 * 300.0);
        assert_eq!(drift(1_000, was, Lie { top: 0.0, height: 10.0, ..was }), 0.0);
        assert_eq!(drift(1_000, Lie { top: 10.0, ..was }, now), 0.0);
        assert_eq!(drift(40, was, now), 0.0);
    }
}
