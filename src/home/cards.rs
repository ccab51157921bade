//! The cards of one section of the list: all of a short one, and of a long one those near the screen, and the one that
//! has the focus wherever it is.

use std::sync::Arc;

use domain::{Pet, PetId};
use leptos::prelude::*;

use super::{
    card::{Card, Place, card_id, pet_of},
    names::Names,
    window::{Lie, Shown, WHOLE, drift, place, shown},
};
use crate::browser;

/// A pet that is loaded, with what it is found by.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The pet.
    pub pet: Pet,
    /// Its kind in small letters.
    pub key: String,
}

impl From<Pet> for Row {
    fn from(pet: Pet) -> Self {
        Self { key: browser::lowercase(pet.kind.as_str()), pet }
    }
}

/// Tells every section that the window has moved: it was scrolled, or is of another size.
#[derive(Clone, Copy)]
pub struct Moved {
    moved: RwSignal<()>,
    sought: StoredValue<Option<PetId>>,
}

/// Follows the window, for the view that asks for it.
pub fn use_moved() -> Moved {
    let moved = Moved { moved: RwSignal::new(()), sought: StoredValue::new(None) };
    let waiting = StoredValue::new(false);
    let tell = move |_| {
        // Once a frame is enough.
        if waiting.try_update_value(|waiting| std::mem::replace(waiting, true)) == Some(false) {
            request_animation_frame(move || {
                waiting.try_update_value(|waiting| *waiting = false);
                moved.tell();
            });
        }
    };
    let handles = ["scroll", "resize"].map(|event| window_event_listener_untyped(event, tell));
    on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
    moved
}

impl Moved {
    /// Follows it.
    pub fn follow(&self) {
        self.moved.track();
    }

    /// Says that it has moved.
    pub fn tell(&self) {
        self.moved.try_set(());
    }

    /// Leads the focus to the card of this pet, and the window with it, wherever in the list that is.
    pub fn seek(self, id: PetId) {
        self.sought.set_value(Some(id));
        self.tell();
        // In the next frame it is there.
        request_animation_frame(move || {
            browser::focus(&card_id(id));
            self.sought.try_set_value(None);
        });
    }
}

/// A list of cards.
#[component]
pub fn Cards(
    /// Its element, for the place of its cards.
    id: &'static str,
    /// What is in it.
    rows: Memo<Vec<Arc<Row>>>,
    /// Who bought them, in a list of what is sold.
    names: Option<Names>,
    /// When to look again what is near the screen.
    moved: Moved,
    /// Whether the list is or may become a long one: then its rows are of one height from the start.
    even: Memo<bool>,
) -> impl IntoView {
    let count = Memo::new(move |_| rows.with(Vec::len));
    let near = RwSignal::new(shown(count.get_untracked(), None));
    // The card that has the focus and is far from the screen, and how far down the list it is.
    let away = RwSignal::new(None::<(usize, f64)>);
    let last = StoredValue::new(None::<Lie>);
    let look = move || {
        let Some(count) = count.try_get_untracked() else { return };
        let lie = (count > WHOLE).then(|| browser::grid(id)).flatten();
        let mut lie = lie.map(|(columns, pitch, top, height)| Lie { columns, pitch, top, height });
        let drift = lie.zip(last.get_value()).map_or(0.0, |(now, was)| drift(count, was, now));
        if let Some(lie) = &mut lie {
            lie.top -= drift;
        }
        last.set_value(lie);
        let now = shown(count, lie);
        let focused = lie.and_then(|lie| {
            let focused = browser::focused_child(id).map(|(card, element)| {
                // Its card may be put elsewhere among the others, which costs it the focus.
                request_animation_frame(move || element.stay());
                pet_of(&card)
            });
            let pet = moved.sought.try_get_value().flatten().or(focused.flatten())?;
            let card = rows.with_untracked(|rows| rows.iter().position(|row| row.pet.id == pet))?;
            (!now.cards.contains(&card)).then(|| (card, place(card, lie)))
        });
        if away.get_untracked() != focused {
            away.set(focused);
        }
        if near.with_untracked(|near| *near != now) {
            near.set(now);
        }
        if drift != 0.0 {
            // There is room to scroll once the rows are there.
            request_animation_frame(move || browser::scroll_to(browser::scrolled() + drift));
        }
    };
    Effect::new(move |_| {
        moved.follow();
        count.track();
        look();
        // What was just put there has its place in the next frame.
        request_animation_frame(look);
    });
    // Buttons and larger letters make the rows higher.
    Effect::new(move |_| {
        StoredValue::new_local(browser::watch_size(id, move || request_animation_frame(move || moved.tell())));
    });
    let cards = move || {
        let (near, away) = (near.get(), away.get());
        rows.with(|rows| {
            let range = near.cards.start.min(rows.len())..near.cards.end.min(rows.len());
            let mut cards = rows[range].to_vec();
            if let Some((card, row)) = away.and_then(|(card, _)| Some((card, rows.get(card)?.clone()))) {
                let at = if card < near.cards.start { 0 } else { cards.len() };
                cards.insert(at, row);
            }
            cards
        })
    };
    // Where in the list the card is that stands at `at` in the document.
    let index = move |at: usize| {
        let cards = near.with(|near| near.cards.clone());
        match away.get() {
            Some((card, _)) if card < cards.start => {
                if at == 0 {
                    card
                } else {
                    cards.start + at - 1
                }
            }
            Some((card, _)) if at == cards.len() => card,
            _ => cards.start + at,
        }
    };
    let size = Signal::derive(move || Some(count.get()).filter(|count| *count > WHOLE));
    let room = move |of: fn(&Shown) -> f64| size.get().map(|_| near.with(|near| pixels(of(near))));
    view! {
        <ul
            class="pets"
            id=id
            data-long=move || even.get().then_some("")
            style:padding-block-start=move || room(|near| near.above)
            style:padding-block-end=move || room(|near| near.below)
        >
            <ForEnumerate each=cards key=|row| row.pet.id let(at, row)>
                {
                    let of = row.clone();
                    let sold_to = Signal::derive(move || names.and_then(|names| names.of(&of.pet)));
                    let index = Signal::derive(move || index(at.get()));
                    let far = Signal::derive(move || Some(away.get()?).filter(|(card, _)| *card == index.get()).map(|(_, top)| top));
                    let place = Place { index, size, far };
                    view! { <Card pet=row.pet.clone() sold_to place /> }
                }
            </ForEnumerate>
        </ul>
    }
}

/// A length for a style, exact to a 64th of a pixel, which is what browsers lay out by. To write and read broken numbers
/// would cost the page a tenth of its size.
pub fn pixels(length: f64) -> String {
    format!("calc({}px / 64)", (length * 64.0) as i64)
}
