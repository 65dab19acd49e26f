//! The tables of `templates/*.toml` and of the manifests, as `build.rs` prepares them: a third of the work of every run
//! was to read TOML that never changes.
//!
//! A value is a letter, a number, a colon and what follows: `s5:hello` a text of five bytes, `i2:42` a number of two
//! digits, `b1:` true, `l2:` a list of two values, `t2:` a table of two keys, each with its length, and their values.
use std::borrow::Cow;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

/// A file of `templates/`: its name, and what was made of it.
#[derive(Clone, Copy, Debug)]
pub struct File(&'static str, &'static str);

/// The file of that name.
macro_rules! file {
    ($name:literal) => {
        File(
            concat!("templates/", $name),
            include_str!(concat!(env!("OUT_DIR"), "/tables/", $name)),
        )
    };
}

/// Base images of whose insides something is known.
pub const BASES: File = file!("bases.toml");
/// The files beside the Dockerfile.
pub const FILES: File = file!("files.toml");
/// The catalogue of base images.
pub const IMAGES: File = file!("images.toml");
/// What is started beside the program.
pub const NEEDS: File = file!("needs.toml");
/// The keys and the rules of a policy.
pub const POLICY: File = file!("policy.toml");
/// What the rules over Dockerfiles know.
pub const RULES: File = file!("rules.toml");
/// The core's keys.
pub const SPEC: File = file!("spec.toml");
/// Folders that a walk does not enter, and those apart.
pub const WALK: File = file!("walk.toml");

/// What a file holds.
pub fn read<T: DeserializeOwned>(File(name, text): File) -> T {
    match table(text).map(shaped) {
        Some(Ok(read)) => read,
        Some(Err(error)) => unreachable!("{name}: {error}"),
        None => unreachable!("{name} is not prepared"),
    }
}

fn shaped<T: DeserializeOwned>(table: Spanned<DeTable<'_>>) -> Result<T, toml::de::Error> {
    T::deserialize(Deserializer::from(table))
}

/// The table that a prepared text holds; it has no places.
pub fn table(text: &str) -> Option<Spanned<DeTable<'_>>> {
    let mut reader = Reader { rest: text };
    match reader.value()? {
        DeValue::Table(table) => Some(Spanned::new(0..0, table)),
        _ => None,
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> Option<DeValue<'a>> {
        let letter = self.take(1)?;
        let number = self.number()?;
        Some(match letter {
            "s" => DeValue::String(Cow::Borrowed(self.take(number)?)),
            "i" => DeValue::parse(self.take(number)?).ok()?.into_inner(),
            "b" => DeValue::Boolean(number == 1),
            "l" => {
                let mut list = DeArray::new();
                for _ in 0..number {
                    list.push(Spanned::new(0..0, self.value()?));
                }
                DeValue::Array(list)
            }
            "t" => {
                let mut table = DeTable::with_capacity(number);
                for _ in 0..number {
                    let length = self.number()?;
                    let key = Cow::Borrowed(self.take(length)?);
                    let value = Spanned::new(0..0, self.value()?);
                    table.insert(Spanned::new(0..0, key), value);
                }
                DeValue::Table(table)
            }
            _ => return None,
        })
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        for (at, byte) in self.rest.bytes().enumerate() {
            if byte == b':' {
                self.rest = self.rest.get(at + 1..)?;
                return Some(number);
            }
            let digit = byte.checked_sub(b'0')?;
            number = number.checked_mul(10)?.checked_add(digit.into())?;
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}
