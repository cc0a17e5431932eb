//! Reads the published weights: a JSON list of tensors, and a file with their values one after the other. Quantised
//! values are bytes: value = byte · scale + min; the others are little-endian f32.

use crate::FaceError;
use crate::layers::{Conv, Separable};
use serde::Deserialize;
use std::collections::HashMap;

/// The three networks by the names of their files: `<name>-weights_manifest.json` and `<name>.bin`.
pub const MODELS: [&str; 3] = ["tiny_face_detector_model", "face_landmark_68_model", "face_recognition_model"];

#[derive(Deserialize)]
struct Group {
    weights: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    shape: Vec<usize>,
    quantization: Option<Quantization>,
}

#[derive(Deserialize)]
struct Quantization {
    scale: f64,
    min: f64,
}

/// The tensors of one network by name, with their shapes.
#[derive(Debug)]
pub struct Weights(HashMap<String, (Vec<usize>, Vec<f32>)>);

fn unusable(what: impl Into<String>) -> FaceError {
    FaceError::Weights(what.into())
}

impl Weights {
    pub fn read(name: &str, manifest: &[u8], values: &[u8]) -> Result<Self, FaceError> {
        let groups: Vec<Group> =
            serde_json::from_slice(manifest).map_err(|error| unusable(format!("the list of {name}: {error}")))?;
        let mut rest = values;
        let mut tensors = HashMap::new();
        for listed in groups.into_iter().flat_map(|group| group.weights) {
            let count = listed.shape.iter().try_fold(1usize, |all, side| all.checked_mul(*side));
            let width = if listed.quantization.is_some() { 1 } else { 4 };
            let split = count.and_then(|count| count.checked_mul(width)).and_then(|bytes| rest.split_at_checked(bytes));
            let (own, after) = split.ok_or_else(|| unusable(format!("{name} ends before {}", listed.name)))?;
            rest = after;
            let numbers = match &listed.quantization {
                Some(q) => own.iter().map(|&byte| (f64::from(byte) * q.scale + q.min) as f32).collect(),
                None => own.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
            };
            tensors.insert(listed.name, (listed.shape, numbers));
        }
        if rest.is_empty() { Ok(Self(tensors)) } else { Err(unusable(format!("{name} is longer than its list"))) }
    }

    /// Takes a tensor out; it must have this shape.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, FaceError> {
        match self.0.remove(name) {
            Some((found, values)) if found == shape => Ok(values),
            Some((found, _)) => Err(unusable(format!("{name} has the shape {found:?}, not {shape:?}"))),
            None => Err(unusable(format!("{name} is missing"))),
        }
    }

    /// `prefix/filters` and `prefix/bias`.
    pub fn conv(&mut self, prefix: &str, [size, input, output]: [usize; 3]) -> Result<Conv, FaceError> {
        let filter = self.take(&format!("{prefix}/filters"), &[size, size, input, output])?;
        let bias = self.take(&format!("{prefix}/bias"), &[output])?;
        Ok(Conv { size, input, output, filter, bias })
    }

    pub fn separable(&mut self, prefix: &str, input: usize, output: usize) -> Result<Separable, FaceError> {
        let depthwise = self.take(&format!("{prefix}/depthwise_filter"), &[3, 3, input, 1])?;
        let filter = self.take(&format!("{prefix}/pointwise_filter"), &[1, 1, input, output])?;
        let bias = self.take(&format!("{prefix}/bias"), &[output])?;
        Ok(Separable { depthwise, pointwise: Conv { size: 1, input, output, filter, bias } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"[{"weights":[
        {"name":"a","shape":[3],"dtype":"float32","quantization":{"dtype":"uint8","scale":0.5,"min":-1}},
        {"name":"b","shape":[1,1],"dtype":"float32"}],"paths":["x.bin"]}]"#;

    fn values() -> Vec<u8> {
        [&[0u8, 2, 255][..], &1.5f32.to_le_bytes()[..]].concat()
    }

    #[test]
    fn quantised_and_plain_values_are_read_in_the_order_of_the_list() {
        let mut weights = Weights::read("x", LIST.as_bytes(), &values()).unwrap();
        assert_eq!(weights.take("a", &[3]).unwrap(), [-1.0, 0.0, 126.5]);
        assert_eq!(weights.take("b", &[1, 1]).unwrap(), [1.5]);
    }

    #[test]
    fn weights_that_do_not_fit_their_list_or_the_network_are_named() {
        let said = |result: Result<Weights, FaceError>| result.unwrap_err().to_string();
        assert!(said(Weights::read("x", LIST.as_bytes(), &values()[..6])).contains("x ends before b"));
        assert!(said(Weights::read("x", LIST.as_bytes(), &[values(), vec![0]].concat())).contains("longer"));
        assert!(said(Weights::read("x", b"{}", b"")).contains("the list of x"));
        let huge = r#"[{"weights":[{"name":"a","shape":[9223372036854775807,16]}]}]"#;
        assert!(said(Weights::read("x", huge.as_bytes(), b"")).contains("ends before a"));
        let mut weights = Weights::read("x", LIST.as_bytes(), &values()).unwrap();
        assert!(weights.take("a", &[1, 3]).unwrap_err().to_string().contains("not [1, 3]"));
        assert!(weights.take("c", &[1]).unwrap_err().to_string().contains("c is missing"));
    }
}
