//! Emergency contacts in the Patient resource: `Patient.contact` with the relationship C of HL7's table 0131
//! (<http://terminology.hl7.org/CodeSystem/v2-0131>).

use super::model::{Contact, ContactForm};
use consent::body::display_name;
use fhir::Node;

const SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v2-0131";
const EMERGENCY: &str = "C";

fn is_emergency(contact: &Node<'_>) -> bool {
    let codings = contact.array_of("relationship").iter().flat_map(|concept| concept.array_of("coding"));
    codings.into_iter().any(|c| c.str_of("system") == Some(SYSTEM) && c.str_of("code") == Some(EMERGENCY))
}

/// A name is one object in a contact and a list of them in a person.
fn name_of(contact: &Node<'_>) -> String {
    match contact.get("name") {
        Some(name) => display_name(&Node::object([("name", Node::Array(vec![name.clone()]))])),
        None => String::new(),
    }
}

fn relationship_of(contact: &Node<'_>) -> Option<String> {
    let said = |concept: &Node<'_>| {
        let text = concept.str_of("text").map(str::to_owned);
        let coded =
            |c: &Node<'_>| (c.str_of("code") != Some(EMERGENCY)).then(|| c.str_of("display").map(str::to_owned));
        text.or_else(|| concept.array_of("coding").iter().find_map(|c| coded(c).flatten()))
    };
    contact.array_of("relationship").iter().find_map(said).filter(|text| !text.trim().is_empty())
}

/// Everybody who can be called, emergency contacts first.
pub fn contacts(patient: &Node<'_>) -> Vec<Contact> {
    let one = |contact: &Node<'_>| {
        let phone = contact.array_of("telecom").iter().find(|t| matches!(t.str_of("system"), Some("phone" | "sms")))?;
        let phone = phone.str_of("value")?.trim().to_owned();
        let email = contact.array_of("telecom").iter().find(|t| t.str_of("system") == Some("email"));
        let email = email.and_then(|t| t.str_of("value")).map(|value| value.trim().to_owned());
        let name = Some(name_of(contact)).filter(|name| !name.is_empty());
        let relationship = relationship_of(contact);
        let name = name.or_else(|| relationship.clone())?;
        Some(Contact { name, relationship, phone, email, own: is_emergency(contact) })
    };
    let mut all: Vec<Contact> = patient.array_of("contact").iter().filter_map(one).collect();
    all.sort_by_key(|contact| !contact.own);
    all
}

/// Puts these in the place of the emergency contacts; whoever else is named stays.
pub fn set_contacts(patient: &mut Node<'static>, contacts: &[ContactForm]) {
    let stay = patient.array_of("contact").iter().filter(|contact| !is_emergency(contact));
    let own: Vec<&Node<'static>> = patient.array_of("contact").iter().filter(|contact| is_emergency(contact)).collect();
    // An e-mail address that a clinic wrote down for the same person stays: it is how they hear of an emergency.
    let kept = |form: &ContactForm| {
        let known = own.iter().find(|known| name_of(known) == form.name.trim());
        let others = known.map_or(&[][..], |known| known.array_of("telecom")).iter();
        let said = |t: &&Node<'_>| match t.str_of("system") {
            Some("phone" | "sms") => true,
            Some("email") => form.email.is_some(),
            _ => false,
        };
        others.filter(|t| !said(t)).cloned().collect::<Vec<_>>()
    };
    let all: Vec<Node<'static>> = contacts.iter().map(|form| contact(form, kept(form))).chain(stay.cloned()).collect();
    if all.is_empty() {
        patient.remove("contact");
    } else {
        patient.set("contact", Node::Array(all));
    }
}

fn contact(form: &ContactForm, others: Vec<Node<'static>>) -> Node<'static> {
    let text = |text: &str| Node::from(text.trim().to_owned());
    let coding =
        [("system", SYSTEM), ("code", EMERGENCY), ("display", "Emergency Contact")].map(|(k, v)| (k, v.into()));
    let mut relationship = Node::object([("coding", Node::Array(vec![Node::object(coding)]))]);
    if !form.relationship.trim().is_empty() {
        relationship.set("text", text(&form.relationship));
    }
    let phone = Node::object([("system", "phone".into()), ("value", text(&form.phone))]);
    let email = form.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
    let email = email.map(|email| Node::object([("system", "email".into()), ("value", text(email))]));
    let telecom = [phone].into_iter().chain(email).chain(others).collect();
    Node::object([
        ("relationship", Node::Array(vec![relationship])),
        ("name", Node::object([("text", text(&form.name))])),
        ("telecom", Node::Array(telecom)),
    ])
}

pub fn is_phone(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    text.len() <= 40 && digits >= 3 && text.chars().all(|c| c.is_ascii_digit() || " +()-./".contains(c))
}

/// Where a letter can be sent, as far as its form tells.
pub fn is_email(text: &str) -> bool {
    let text = text.trim();
    let parts = text.split_once('@');
    text.len() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c))
        && parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_contacts_are_replaced_and_the_others_stay() {
        let json = br#"{"resourceType":"Patient","contact":[
            {"relationship":[{"text":"Sister"}],"name":{"given":["Ann"],"family":"Roe"},"telecom":[{"system":"phone","value":"112"}]},
            {"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0131","code":"C"}]}],"name":{"text":"Old"},
             "telecom":[{"system":"phone","value":"1"}]},
            {"name":{"text":"Without a number"}}]}"#;
        let mut patient = fhir::json::parse(json).unwrap().into_owned();
        let names = |patient: &Node<'_>| contacts(patient).into_iter().map(|c| (c.name, c.own)).collect::<Vec<_>>();
        assert_eq!(names(&patient), [("Old".to_owned(), true), ("Ann Roe".to_owned(), false)]);
        let ravi = |email: Option<&str>| {
            let (relationship, phone, email) = ("Son".into(), "+91 20 1234".into(), email.map(str::to_owned));
            ContactForm { name: " Ravi ".into(), relationship, phone, email }
        };
        // Somebody who does not know of the address leaves it; an empty one removes it.
        set_contacts(&mut patient, &[ravi(Some(" ravi@mail.example "))]);
        set_contacts(&mut patient, &[ravi(None)]);
        assert_eq!(contacts(&patient)[0].email.as_deref(), Some("ravi@mail.example"));
        set_contacts(&mut patient, &[ravi(Some(""))]);
        let all = contacts(&patient);
        let (relationship, phone) = (Some("Son".into()), "+91 20 1234".into());
        let plain = Contact { name: "Ravi".into(), relationship, phone, email: None, own: true };
        assert_eq!((all.len(), &all[0], all[1].own), (2, &plain, false));
        assert!(fhir::validate(&patient).is_ok());
        assert_eq!(patient.array_of("contact").len(), 3, "whoever has no number stays as well");
    }

    #[test]
    fn an_address_is_one_address() {
        assert!(is_email(" ravi@mail.example "));
        for wrong in ["", "ravi", "@mail.example", "ravi@mail", "a@b.c, d@e.f", "a b@c.d", "a@b@c.d", "Ravi <a@b.c>"] {
            assert!(!is_email(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_telephone_number_can_be_called() {
        for phone in ["112", "+49 (0)30 123-456", " 020/1234.5 "] {
            assert!(is_phone(phone), "{phone}");
        }
        for phone in ["", "12", "call me", "112;ext=1", &"1".repeat(41)] {
            assert!(!is_phone(phone), "{phone}");
        }
    }
}
