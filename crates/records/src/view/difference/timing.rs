//! How often something is taken, as people say it.

use fhir::Node;

/// The members that `often` says.
pub const SAID: [&str; 3] = ["frequency", "period", "periodUnit"];

const UNITS: [(&str, &str); 7] =
    [("s", "second"), ("min", "minute"), ("h", "hour"), ("d", "day"), ("wk", "week"), ("mo", "month"), ("a", "year")];

/// `twice a day`, `once every 8 hours`: of a repetition that says how often in which time.
pub fn often(repeat: &Node<'_>) -> Option<String> {
    let (period, unit) = (repeat.get("period")?.as_digits()?, repeat.str_of("periodUnit")?);
    let unit = UNITS.iter().find(|(code, _)| *code == unit)?.1;
    let times = match repeat.get("frequency").map_or(Some("1"), Node::as_digits)? {
        "1" => "once".to_owned(),
        "2" => "twice".to_owned(),
        more => format!("{more} times"),
    };
    Some(match period {
        "1" if unit == "hour" => format!("{times} an hour"),
        "1" => format!("{times} a {unit}"),
        more => format!("{times} every {more} {unit}s"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repetition_is_said_as_people_say_it() {
        let said = |text: &str| often(&fhir::json::parse(text.as_bytes()).unwrap());
        let day = r#"{"frequency":2,"period":1,"periodUnit":"d"}"#;
        assert_eq!(said(day).as_deref(), Some("twice a day"));
        assert_eq!(said(r#"{"period":8,"periodUnit":"h"}"#).as_deref(), Some("once every 8 hours"));
        let week = r#"{"frequency":3,"period":1.0,"periodUnit":"wk"}"#;
        assert_eq!(said(week).as_deref(), Some("3 times every 1.0 weeks"));
        assert_eq!(said(r#"{"frequency":3}"#), None);
    }
}
