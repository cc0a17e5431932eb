//! A statement being put together: text and its parameters stay in step.

use crate::Value;
use std::fmt::Write;

#[derive(Clone, Debug)]
enum Param {
    Int(i64),
    Real(f64),
    Text(String),
}

/// Text with numbered parameters. Only names and keywords from the code are pushed; values are always bound.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    params: Vec<Param>,
}

impl Sql {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), params: Vec::new() }
    }

    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    fn bind(&mut self, param: Param) -> &mut Self {
        self.params.push(param);
        let _ = write!(self.text, "?{}", self.params.len());
        self
    }

    pub fn int(&mut self, value: i64) -> &mut Self {
        self.bind(Param::Int(value))
    }

    pub fn real(&mut self, value: f64) -> &mut Self {
        self.bind(Param::Real(value))
    }

    pub fn str(&mut self, value: &str) -> &mut Self {
        self.bind(Param::Text(value.to_owned()))
    }

    /// `?1, ?2, ?3`, or `NULL` for an empty list, which is equal to nothing.
    pub fn ints(&mut self, values: &[i64]) -> &mut Self {
        if values.is_empty() {
            return self.push("NULL");
        }
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.int(*value);
        }
        self
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn params(&self) -> Vec<Value<'_>> {
        self.params
            .iter()
            .map(|p| match p {
                Param::Int(v) => Value::Int(*v),
                Param::Real(v) => Value::Real(*v),
                Param::Text(v) => Value::Text(v),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_in_the_order_they_are_bound() {
        let mut sql = Sql::new("a = ");
        sql.int(5)
            .push(" AND b IN (")
            .ints(&[1, 2])
            .push(") AND c = ")
            .str("x")
            .push(" AND d IN (")
            .ints(&[])
            .push(")");
        assert_eq!(sql.text(), "a = ?1 AND b IN (?2, ?3) AND c = ?4 AND d IN (NULL)");
        assert_eq!(sql.params().len(), 4);
    }
}
