//! A pet as the table keeps it. Which attributes an item has decides in which lists it is, see `table`.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{BuyerName, NewPet, Pet, PetId, PetType, Price, Status, mask_name};
use time::{OffsetDateTime, UtcOffset};

use super::table::{BUYER, BY_PRICE, BY_TIME, ID, LEDGER, STATUS, STATUS_TYPE};
use crate::StoreError;

pub(super) type Item = HashMap<String, AttributeValue>;

/// The kind of animal as it was given.
const TYPE: &str = "type";
/// The price in cents.
const PRICE: &str = "price";
/// What [`STATUS_TYPE`] becomes with the sale, so that one update can sell a pet without reading it first.
const SOLD_TYPE: &str = "soldType";
/// The buyer's name as it was when the pet was bought.
const BUYER_NAME: &str = "buyerName";
/// When it was sold, RFC 3339 in UTC with milliseconds.
const SOLD_AT: &str = "soldAt";

/// What a record is made of. A list asks for no more of an item, but for where its own order stands.
pub(super) const READ: [&str; 6] = [ID, TYPE, PRICE, BUYER, BUYER_NAME, SOLD_AT];

/// A pet with all that is known of it. [`PetRecord::public`] is what strangers may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PetRecord {
    /// Given by the store, never used twice.
    pub id: PetId,
    /// The kind of animal.
    pub kind: PetType,
    /// What it costs, or was sold for.
    pub price: Price,
    /// Who bought it and when; `None` while it is for sale.
    pub sale: Option<Sale>,
}

/// Who bought a pet, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// Who bought it.
    pub buyer: Buyer,
    /// RFC 3339, UTC, with milliseconds.
    pub at: String,
}

/// Somebody who buys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    /// By what two buyers are told apart: the verified token's `sub`. 1 to 2048 bytes.
    pub key: String,
    /// The name to show.
    pub name: BuyerName,
}

impl PetRecord {
    /// As everybody may see it: whether it is sold, and to whom only as much as [`mask_name`] leaves.
    pub fn public(&self) -> Pet {
        let sold_to = self.sale.as_ref().map(|sale| mask_name(sale.buyer.name.as_str()));
        Pet { sold_to, sold_at: None, ..self.full() }
    }

    /// As the buyer and the admins may see it.
    pub fn full(&self) -> Pet {
        Pet {
            id: self.id,
            kind: self.kind.clone(),
            price: self.price,
            is_sold: self.sale.is_some(),
            sold_to: self.sale.as_ref().map(|sale| sale.buyer.name.to_string()),
            sold_at: self.sale.as_ref().map(|sale| sale.at.clone()),
        }
    }

    pub(super) fn new(id: PetId, pet: &NewPet) -> Self {
        Self { id, kind: pet.kind.clone(), price: pet.price, sale: None }
    }

    /// The item of a pet that is for sale.
    pub(super) fn to_new_item(&self) -> Item {
        let text = AttributeValue::S;
        let number = AttributeValue::N;
        let attributes = [
            (ID, number(self.id.to_string())),
            (TYPE, text(self.kind.to_string())),
            (PRICE, number(self.price.cents().to_string())),
            (STATUS, text(Status::Available.as_str().to_owned())),
            (STATUS_TYPE, text(status_type(Status::Available, &self.kind))),
            (SOLD_TYPE, text(status_type(Status::Sold, &self.kind))),
            // The largest price has nine digits in cents, the largest id sixteen.
            (BY_PRICE, text(format!("{:09}#{:016}", self.price.cents(), self.id.get()))),
        ];
        attributes.map(|(name, value)| (name.to_owned(), value)).into()
    }

    pub(super) fn from_item(item: &Item) -> Result<Self, StoreError> {
        let corrupt =
            |attribute| StoreError::Corrupt { id: number(item, ID).unwrap_or("(none)").to_owned(), attribute };
        let id = number(item, ID).and_then(|text| text.parse().ok()).ok_or_else(|| corrupt(ID))?;
        let kind = text(item, TYPE).and_then(|text| text.parse().ok()).ok_or_else(|| corrupt(TYPE))?;
        let cents = number(item, PRICE).and_then(|text| text.parse().ok());
        let price = cents.and_then(|cents| Price::from_cents(cents).ok()).ok_or_else(|| corrupt(PRICE))?;
        let sale = match text(item, BUYER) {
            None => None,
            Some(key) => {
                let name = text(item, BUYER_NAME).and_then(|text| text.parse().ok());
                let name = name.ok_or_else(|| corrupt(BUYER_NAME))?;
                let at = text(item, SOLD_AT).ok_or_else(|| corrupt(SOLD_AT))?.to_owned();
                Some(Sale { buyer: Buyer { key: key.to_owned(), name }, at })
            }
        };
        Ok(Self { id, kind, price, sale })
    }
}

/// The hash key of the lists of one kind.
pub(super) fn status_type(status: Status, kind: &PetType) -> String {
    format!("{}#{}", status.as_str(), kind.key())
}

/// Whether the item is a sale whose pet was removed from the shop.
pub(super) fn is_removed(item: &Item) -> bool {
    !item.contains_key(STATUS)
}

/// The update that turns a pet for sale into a sold one, with the names and values it uses.
pub(super) fn sale_update(id: PetId, buyer: &Buyer, now: OffsetDateTime) -> (String, Item) {
    let at = timestamp(now);
    let update = format!(
        "SET #status = :sold, {STATUS_TYPE} = {SOLD_TYPE}, {BUYER} = :buyer, {BUYER_NAME} = :name, \
         {SOLD_AT} = :at, {BY_TIME} = :byTime, {LEDGER} = :ledger"
    );
    let values = [
        (":sold", Status::Sold.as_str().to_owned()),
        (":available", Status::Available.as_str().to_owned()),
        (":buyer", buyer.key.clone()),
        (":name", buyer.name.to_string()),
        (":byTime", format!("{at}#{:016}", id.get())),
        (":at", at),
        (":ledger", super::list::SALES.to_owned()),
    ];
    (update, values.map(|(name, value)| (name.to_owned(), AttributeValue::S(value))).into())
}

/// RFC 3339 in UTC with exactly three decimals, so that text order is time order.
fn timestamp(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC);
    let (year, month, day) = (time.year().clamp(0, 9999), u8::from(time.month()), time.day());
    let (hour, minute, second, millis) = (time.hour(), time.minute(), time.second(), time.millisecond());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

pub(super) fn number<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_n().ok()).map(String::as_str)
}
