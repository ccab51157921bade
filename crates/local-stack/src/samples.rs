//! The pets of a new data folder, from `samples.json`: the tutorial's dog and cat first.

use domain::{Invalid, NewPet};
use serde_json::value::RawValue;

const FILE: &str = include_str!("samples.json");

/// The pets, in the order of their ids.
pub fn pets() -> Result<Vec<NewPet>, Invalid> {
    let items: Vec<&RawValue> = serde_json::from_str(FILE).expect("samples.json is a list");
    items.into_iter().map(|item| NewPet::from_json(item.get().as_bytes())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorials_dog_and_cat_come_first() {
        let pets = pets().unwrap();
        let first: Vec<_> = pets.iter().take(2).map(|pet| (pet.kind.as_str(), pet.price.cents())).collect();
        assert_eq!(first, [("dog", 24_999), ("cat", 12_499)]);
        assert!((30..=service::MAX_SEEDS).contains(&pets.len()));
    }
}
