//! Device details as a requester reports them: fields, limits, reasons against a value.
//!
//! [`Details`] can only be made by checking typed values, so that every value of a ticket has been
//! judged, from whichever interface it came.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::input::Reason;
use crate::domain::links::web_address;
use crate::domain::time::{LocalTime, parse_date};
use crate::domain::validation::{Lines, composed, is_bidi_control, is_phone, is_printable, tidy};

/// A detail about a device or a contact of its requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    DeviceType,
    Brand,
    Model,
    PurchaseDate,
    Warranty,
    FaultType,
    Description,
    Campus,
    Phone,
    /// Another way to reach the requester: QQ, WeChat, e-mail.
    Contact,
    /// Web address of a picture that is stored elsewhere.
    Image,
}

impl Field {
    pub const ALL: [Self; 11] = [
        Self::DeviceType,
        Self::Brand,
        Self::Model,
        Self::PurchaseDate,
        Self::Warranty,
        Self::FaultType,
        Self::Description,
        Self::Campus,
        Self::Phone,
        Self::Contact,
        Self::Image,
    ];

    /// Fields that the desk may correct while a ticket is open.
    pub const CORRECTABLE: [Self; 6] =
        [Self::DeviceType, Self::Brand, Self::Model, Self::PurchaseDate, Self::Warranty, Self::FaultType];

    /// Name of the field in REST and in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeviceType => "device_type",
            Self::Brand => "brand",
            Self::Model => "model",
            Self::PurchaseDate => "purchase_date",
            Self::Warranty => "warranty_status",
            Self::FaultType => "fault_type",
            Self::Description => "description",
            Self::Campus => "campus",
            Self::Phone => "phone",
            Self::Contact => "qq",
            Self::Image => "image",
        }
    }

    /// Name of the field in a ticket of getTicket.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Brand => "computer_brand",
            Self::PurchaseDate => "machine_purchase_date",
            Self::Description => "repair_description",
            Self::Phone => "user_phone",
            Self::Contact => "qq_number",
            Self::Image => "repair_image_url",
            Self::DeviceType | Self::Model | Self::Warranty | Self::FaultType | Self::Campus => self.name(),
        }
    }

    /// Members of a ticket, as programs know it, that no request sets: the desk does, or has no such thing.
    pub const NEVER_SET: [&str; 8] = [
        "user_id",
        "create_time",
        "assigned_technician_id",
        "assigned_time",
        "completion_time",
        "complete_image_url",
        "archived",
        "urgent",
    ];

    /// Finds a field by its name, or by its column.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name || field.column() == name)
    }

    pub const fn is_required(self) -> bool {
        !matches!(self, Self::Model | Self::PurchaseDate | Self::Warranty | Self::Contact | Self::Image)
    }

    /// Returns `true` for the fields that tell how to reach the requester.
    pub const fn is_contact(self) -> bool {
        matches!(self, Self::Phone | Self::Contact)
    }

    /// Most characters of a value.
    pub const fn limit(self) -> usize {
        match self {
            Self::Description => 4000,
            Self::Image => 500,
            Self::PurchaseDate => 10,
            Self::Phone => 20,
            _ => 64,
        }
    }

    /// Returns the canonical form of a typed value, or the reason against it.
    pub fn check(self, typed: &str, offered: &Offered) -> Result<String, Reason> {
        let value = self.canonical(typed);
        self.validate(&value, offered)?;
        Ok(value)
    }

    /// Returns the form in which a value is judged, compared and stored.
    pub fn canonical(self, typed: &str) -> String {
        self.tidy(&composed(typed))
    }

    /// Does what [`Self::canonical`] does to a text that is in NFC already.
    pub fn tidy(self, composed: &str) -> String {
        match self {
            // Telephones copy numbers with characters that set the direction of text.
            Self::Phone => tidy(&composed.replace(is_bidi_control, "")),
            // Programs have other names for the values.
            Self::Warranty => {
                let word = tidy(composed);
                word.parse::<Warranty>().map(|warranty| warranty.name().to_owned()).unwrap_or(word)
            }
            _ => tidy(composed),
        }
    }

    /// Number of lines that a value may have.
    pub const fn lines(self) -> Lines {
        match self {
            Self::Description => Lines::Many,
            _ => Lines::One,
        }
    }

    /// Judges a canonical value; returns the reason against it.
    pub fn validate(self, value: &str, offered: &Offered) -> Result<(), Reason> {
        if value.is_empty() {
            return if self.is_required() { Err(Reason::Missing) } else { Ok(()) };
        }
        if value.chars().count() > self.limit() {
            return Err(Reason::TooLong { limit: self.limit() });
        }
        if !is_printable(value, self.lines()) {
            return Err(Reason::Unprintable);
        }
        let among = |choices: &[String]| {
            let found = choices.is_empty() || choices.iter().any(|choice| choice == value);
            if found { Ok(()) } else { Err(Reason::NotOffered) }
        };
        match self {
            Self::DeviceType => among(&offered.device_types)?,
            Self::FaultType => among(&offered.fault_types)?,
            Self::Campus => among(&offered.campuses)?,
            Self::Warranty => value.parse::<Warranty>().map(|_| ()).map_err(|_| Reason::NotOffered)?,
            Self::PurchaseDate => check_date(value, offered.today)?,
            Self::Phone => is_phone(value).then_some(()).ok_or(Reason::NotAPhone)?,
            Self::Image => web_address(value).map(|_| ()).ok_or(Reason::NotAnAddress)?,
            Self::Brand | Self::Model | Self::Description | Self::Contact => {}
        }
        Ok(())
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Earliest date of purchase: an older one is a typing error.
pub const EARLIEST_PURCHASE: (i32, u8, u8) = (1980, 1, 1);

fn check_date(value: &str, today: LocalTime) -> Result<(), Reason> {
    let date = parse_date(value).ok_or(Reason::NotADate)?;
    let LocalTime { year, month, day, .. } = today;
    if date > (year, month, day) {
        Err(Reason::InTheFuture)
    } else if date < EARLIEST_PURCHASE {
        Err(Reason::TooLongAgo { year: EARLIEST_PURCHASE.0 })
    } else {
        Ok(())
    }
}

/// Choices that a site offers, and its date of today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    pub campuses: Vec<String>,
    pub device_types: Vec<String>,
    pub fault_types: Vec<String>,
    pub today: LocalTime,
}

impl Offered {
    /// Offers that accept every choice: only typed values are judged.
    pub const fn anything(today: LocalTime) -> Self {
        Self { campuses: Vec::new(), device_types: Vec::new(), fault_types: Vec::new(), today }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Warranty {
    #[default]
    Unknown,
    Valid,
    Expired,
}

impl Warranty {
    pub const ALL: [Self; 3] = [Self::Unknown, Self::Valid, Self::Expired];

    /// Name of the value; empty for an unknown warranty.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Valid => "valid",
            Self::Expired => "expired",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a warranty: use valid or expired, or nothing")]
pub struct UnknownWarranty;

impl FromStr for Warranty {
    type Err = UnknownWarranty;

    /// Reads a name, or one of the words that other programs use.
    fn from_str(text: &str) -> Result<Self, UnknownWarranty> {
        match text {
            "under" => Ok(Self::Valid),
            "unknown" => Ok(Self::Unknown),
            _ => Self::ALL.into_iter().find(|warranty| warranty.name() == text).ok_or(UnknownWarranty),
        }
    }
}

impl TryFrom<String> for Warranty {
    type Error = UnknownWarranty;

    fn try_from(text: String) -> Result<Self, UnknownWarranty> {
        text.parse()
    }
}

/// A field whose typed value was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BadField {
    pub field: Field,
    pub reason: Reason,
}

/// Typed values, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft(BTreeMap<Field, String>);

impl Draft {
    /// Collects the pairs that name a field; of two for one field the last counts.
    pub fn of<K: AsRef<str>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let named =
            pairs.into_iter().filter_map(|(name, value)| Some((Field::named(name.as_ref())?, value.into())));
        Self(named.collect())
    }

    pub fn get(&self, field: Field) -> &str {
        self.0.get(&field).map(String::as_str).unwrap_or_default()
    }

    pub fn set(&mut self, field: Field, value: impl Into<String>) {
        self.0.insert(field, value.into());
    }

    /// Returns the draft in canonical form, in which fields are judged and compared.
    pub fn canonical(&self) -> Self {
        Self(self.0.iter().map(|(field, typed)| (*field, field.canonical(typed))).collect())
    }

    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.keys().copied()
    }

    /// Checks the details of a new ticket, required ones included.
    pub fn check_whole(&self, offered: &Offered) -> Result<Details, Vec<BadField>> {
        check(Field::ALL.into_iter().map(|field| (field, self.get(field))), offered)
    }

    /// Checks given fields only.
    pub fn check_given(&self, offered: &Offered) -> Result<Details, Vec<BadField>> {
        check(self.0.iter().map(|(field, value)| (*field, value.as_str())), offered)
    }
}

fn check<'a>(
    values: impl Iterator<Item = (Field, &'a str)>,
    offered: &Offered,
) -> Result<Details, Vec<BadField>> {
    let mut details = BTreeMap::new();
    let mut bad = Vec::new();
    for (field, typed) in values {
        match field.check(typed, offered) {
            Ok(value) => {
                details.insert(field, value);
            }
            Err(reason) => bad.push(BadField { field, reason }),
        }
    }
    if bad.is_empty() { Ok(Details(details)) } else { Err(bad) }
}

/// Contents of an empty report form: the choices offered, and known details of the person who fills
/// it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blank {
    pub offered: Offered,
    pub known: Draft,
}

/// Fields that have been checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details(BTreeMap<Field, String>);

impl Details {
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, value)| (*field, value.as_str()))
    }
}

#[cfg(test)]
mod tests;
