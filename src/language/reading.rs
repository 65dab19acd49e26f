//! Texts of a language folder as tables, and what those say; a fault has its place.
use std::sync::Arc;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

use super::error::Error;
use crate::prepared;
use crate::report::{Document, Place};

/// What a text says.
pub(super) fn parsed<T: DeserializeOwned>(document: &Arc<Document>) -> Result<T, Error> {
    shaped(document, tabled(document)?)
}

/// The text as a table, whatever is in it.
pub(super) fn tabled(document: &Arc<Document>) -> Result<Spanned<DeTable<'_>>, Error> {
    DeTable::parse(&document.text).map_err(|error| form(document, &error))
}

/// The table of a text of the program itself.
pub(super) fn prepared(text: &str) -> Spanned<DeTable<'_>> {
    prepared::table(text).unwrap_or_else(|| unreachable!("a manifest that is not prepared: {text}"))
}

/// What the table of a text says.
pub(super) fn shaped<T: DeserializeOwned>(
    document: &Arc<Document>,
    table: Spanned<DeTable<'_>>,
) -> Result<T, Error> {
    T::deserialize(Deserializer::from(table)).map_err(|error| form(document, &error))
}

fn form(document: &Arc<Document>, error: &toml::de::Error) -> Error {
    Error::Form {
        place: Place::new(document, error.span().unwrap_or(0..0)),
        message: error.message().to_owned(),
    }
}
