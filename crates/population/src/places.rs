//! Where the clinics stand: the towns of the Phoenix metropolitan area, with their real position and postal code, and
//! invented streets. Arizona keeps one clock all year, which the calendar relies on.

use crate::chance::Chance;
use crate::json::{Json, object};

pub struct Town {
    pub name: &'static str,
    pub postal: &'static str,
    /// Town centre, WGS 84, to about a hundred metres.
    pub latitude: f64,
    pub longitude: f64,
}

pub static TOWNS: [Town; 10] = [
    Town { name: "Phoenix", postal: "85004", latitude: 33.448, longitude: -112.074 },
    Town { name: "Tempe", postal: "85281", latitude: 33.426, longitude: -111.940 },
    Town { name: "Scottsdale", postal: "85251", latitude: 33.494, longitude: -111.926 },
    Town { name: "Mesa", postal: "85201", latitude: 33.415, longitude: -111.832 },
    Town { name: "Chandler", postal: "85224", latitude: 33.306, longitude: -111.841 },
    Town { name: "Glendale", postal: "85301", latitude: 33.539, longitude: -112.186 },
    Town { name: "Gilbert", postal: "85233", latitude: 33.353, longitude: -111.789 },
    Town { name: "Peoria", postal: "85345", latitude: 33.581, longitude: -112.237 },
    Town { name: "Surprise", postal: "85374", latitude: 33.629, longitude: -112.368 },
    Town { name: "Avondale", postal: "85323", latitude: 33.436, longitude: -112.350 },
];

const STREETS: [&str; 20] = [
    "Saguaro Lane",
    "Ocotillo Road",
    "Palo Verde Drive",
    "Mesquite Street",
    "Ironwood Avenue",
    "Quail Run",
    "Canyon View",
    "Sunrise Boulevard",
    "Copper Street",
    "Agave Court",
    "Juniper Way",
    "Desert Willow Drive",
    "Mariposa Street",
    "Orange Grove Road",
    "Camelback View",
    "Cactus Wren Lane",
    "Red Rock Road",
    "Jacaranda Avenue",
    "Arroyo Drive",
    "Monsoon Court",
];

pub fn address(chance: &Chance, town: &'static Town, usage: &'static str) -> Json {
    let line = format!("{} {}", chance.int(12, 9_800), chance.pick(&STREETS));
    object! {
        use: usage, type: "physical", text: format!("{line}, {}, AZ {}", town.name, town.postal),
        line: vec![Json::from(line)], city: town.name, state: "AZ", postalCode: town.postal, country: "US",
    }
}

/// A number of the block that is kept for fiction (555-0100 to 555-0199), so that it rings nowhere.
pub fn phone(chance: &Chance) -> String {
    format!("+1-{}-555-01{:02}", chance.pick(&["602", "480", "623"]), chance.int(0, 99))
}
