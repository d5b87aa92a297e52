//! JSON text, as far as reports need it.

use std::fmt::{Display, Formatter, Result};

pub enum Json {
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Json>),
    Record(Vec<(&'static str, Json)>),
}

impl Json {
    pub fn text(value: impl Into<String>) -> Self {
        Json::Text(value.into())
    }
}

impl Display for Json {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Json::Bool(value) => write!(out, "{value}"),
            Json::Number(value) => write!(out, "{value}"),
            Json::Text(value) => write_text(out, value),
            Json::List(items) => {
                out.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(out, "{}{item}", if index == 0 { "" } else { "," })?;
                }
                out.write_str("]")
            }
            Json::Record(members) => {
                out.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    write!(out, "{}\"{name}\":{value}", if index == 0 { "" } else { "," })?;
                }
                out.write_str("}")
            }
        }
    }
}

fn write_text(out: &mut Formatter<'_>, text: &str) -> Result {
    out.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            control if control < ' ' => write!(out, "\\u{:04x}", control as u32)?,
            plain => write!(out, "{plain}")?,
        }
    }
    out.write_str("\"")
}
