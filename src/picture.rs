//! A picture for each kind of pet that has one, and a paw for the others.

use domain::PetType;
use leptos::prelude::*;

/// Other words for what a picture shows. A picture's own name needs no entry.
const OTHER_WORDS: [(&str, &str); 41] = [
    ("alpaca", "llama"),
    ("alligator", "crocodile"),
    ("axolotl", "lizard"),
    ("bumblebee", "bee"),
    ("bull", "cow"),
    ("bunny", "rabbit"),
    ("budgie", "parrot"),
    ("budgerigar", "parrot"),
    ("canary", "bird"),
    ("cavy", "hamster"),
    ("cockatiel", "parrot"),
    ("cockatoo", "parrot"),
    ("degu", "mouse"),
    ("ferret", "otter"),
    ("finch", "bird"),
    ("foal", "horse"),
    ("gecko", "lizard"),
    ("gerbil", "mouse"),
    ("goldfish", "fish"),
    ("hare", "rabbit"),
    ("hen", "chicken"),
    ("hound", "dog"),
    ("iguana", "lizard"),
    ("kitten", "cat"),
    ("koi", "fish"),
    ("lamb", "sheep"),
    ("macaw", "parrot"),
    ("mule", "donkey"),
    ("pigeon", "dove"),
    ("piglet", "pig"),
    ("pony", "horse"),
    ("prawn", "shrimp"),
    ("puppy", "dog"),
    ("retriever", "dog"),
    ("rooster", "chicken"),
    ("tarantula", "spider"),
    ("terrier", "dog"),
    ("toad", "frog"),
    ("tortoise", "turtle"),
    ("guinea pig", "hamster"),
    ("ladybird", "beetle"),
];

/// The pictures in `public/pictures`.
const PICTURES: [&str; 56] = [
    "ant",
    "bat",
    "bee",
    "beetle",
    "bird",
    "butterfly",
    "cat",
    "chick",
    "chicken",
    "cow",
    "crab",
    "cricket",
    "crocodile",
    "dog",
    "dolphin",
    "donkey",
    "dove",
    "dragon",
    "duck",
    "elephant",
    "fish",
    "flamingo",
    "fox",
    "frog",
    "goat",
    "goose",
    "hamster",
    "hedgehog",
    "horse",
    "koala",
    "lizard",
    "llama",
    "monkey",
    "mouse",
    "octopus",
    "otter",
    "owl",
    "panda",
    "parrot",
    "penguin",
    "pig",
    "poodle",
    "rabbit",
    "raccoon",
    "rat",
    "scorpion",
    "shark",
    "sheep",
    "shrimp",
    "skunk",
    "snail",
    "snake",
    "spider",
    "squirrel",
    "swan",
    "turtle",
];

/// The name of the picture: of the whole words first, then of the last word alone (`golden retriever` is a dog).
pub fn picture(kind: &PetType) -> &'static str {
    let key = kind.as_str().to_ascii_lowercase();
    let last = key.rsplit(' ').next().unwrap_or_default();
    [key.as_str(), last]
        .into_iter()
        .flat_map(|word| [word, word.strip_suffix('s').unwrap_or(word)])
        .find_map(|word| {
            let other = OTHER_WORDS.iter().find(|(other, _)| *other == word).map(|(_, picture)| *picture);
            PICTURES.iter().copied().find(|picture| *picture == other.unwrap_or(word))
        })
        .unwrap_or("paw")
}

/// The picture, without words: what it shows stands beside it.
#[component]
pub fn PetPicture(
    /// What to show.
    kind: PetType,
    /// Its width and height, in CSS pixels.
    size: u16,
) -> impl IntoView {
    let source = format!("/pictures/{}.svg", picture(&kind));
    view! {
        <span class="pet-picture">
            <img src=source alt="" width=size height=size loading="lazy" decoding="async" />
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_shown_as_what_it_is() {
        let check = |kind: &str, shown: &str| assert_eq!(picture(&kind.parse().unwrap()), shown, "{kind}");
        check("dog", "dog");
        check("Dogs", "dog");
        check("golden retriever", "dog");
        check("guinea pig", "hamster");
        check("Guinea Pig", "hamster");
        check("miniature pig", "pig");
        check("mouse", "mouse");
        check("goldfish", "fish");
        check("chinchilla", "paw");
        check("dogma", "paw");
        check("🦖", "paw");
    }

    #[test]
    fn every_picture_is_there() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/pictures");
        for name in PICTURES.iter().chain(["paw"].iter()).chain(OTHER_WORDS.iter().map(|(_, picture)| picture)) {
            assert!(folder.join(format!("{name}.svg")).is_file(), "{name}");
        }
    }
}
