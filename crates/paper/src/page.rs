//! A page as it was read: words with their places, in rows.

use serde::Serialize;

/// A word and where it stands, in units of its own page (points, or dots of the picture), origin top left, after the
/// page was set straight.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub text: String,
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
    /// How sure the reading is, 0 to 1.
    pub confidence: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The text that a PDF brings along.
    Layer,
    /// Letters recognised in a picture.
    Ocr,
    /// Text without places.
    Text,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub number: u32,
    pub source: Source,
    pub width: f32,
    pub height: f32,
    /// By how many degrees clockwise the picture had to be turned to stand upright.
    pub turned: u16,
    /// By how many degrees its rows fall to the right.
    pub skew: f32,
    /// Of each line its words.
    pub lines: Vec<Vec<Word>>,
}

/// A place on a page, in fractions of its sides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Place {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl Page {
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.lines.iter().flatten()
    }

    pub fn text(&self) -> String {
        let line = |words: &Vec<Word>| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        self.lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The mean over all letters; 0 for a page without any.
    pub fn confidence(&self) -> f32 {
        let (sum, letters) = self.words().fold((0.0, 0.0), |(sum, all), word| {
            let letters = word.text.chars().count() as f32;
            (sum + word.confidence * letters, all + letters)
        });
        if letters > 0.0 { sum / letters } else { 0.0 }
    }

    /// Where a word stands on the page as it is shown, which is not set straight.
    pub fn place(&self, word: &Word) -> Option<Place> {
        if self.source == Source::Text {
            return None;
        }
        let (sin, cos) = self.skew.to_radians().sin_cos();
        let (middle_x, middle_y) = (self.width / 2.0, self.height / 2.0);
        let (dx, dy) = (word.x + word.w / 2.0 - middle_x, word.y + word.h / 2.0 - middle_y);
        let (x, y) = (middle_x + dx * cos - dy * sin, middle_y + dx * sin + dy * cos);
        let fraction = |value: f32, whole: f32| (value / whole.max(1.0)).clamp(0.0, 1.0);
        let exact = |value: f32| (value * 100_000.0).round() / 100_000.0;
        Some(Place {
            x: exact(fraction(x - word.w / 2.0, self.width)),
            y: exact(fraction(y - word.h / 2.0, self.height)),
            w: exact(fraction(word.w, self.width)),
            h: exact(fraction(word.h, self.height)),
        })
    }
}

/// A page of text without places: its columns and lines serve as such, so that tables made of spaces and tabs read like
/// any other.
pub fn from_text(number: u32, text: &str) -> Page {
    /// A letter is half as wide as high; a tab begins a new cell far from the last.
    const TAB: usize = 16;
    let mut page =
        Page { number, source: Source::Text, width: 0.0, height: 0.0, turned: 0, skew: 0.0, lines: Vec::new() };
    for (row, line) in text.lines().enumerate() {
        let (mut words, mut column) = (Vec::<Word>::new(), 0usize);
        let mut open = false;
        for letter in line.chars() {
            match letter {
                '\t' => {
                    column = (column / TAB + 1) * TAB + 4;
                    open = false;
                }
                letter if letter.is_whitespace() => {
                    column += 1;
                    open = false;
                }
                letter => {
                    if !open {
                        let (x, y) = (column as f32 * 6.0, row as f32 * 20.0);
                        words.push(Word { text: String::new(), x, y, w: 0.0, h: 12.0, confidence: 1.0 });
                        open = true;
                    }
                    if let Some(word) = words.last_mut() {
                        word.text.push(letter);
                        word.w += 6.0;
                    }
                    column += 1;
                }
            }
        }
        page.width = page.width.max(column as f32 * 6.0);
        page.height = (row + 1) as f32 * 20.0;
        if !words.is_empty() {
            page.lines.push(words);
        }
    }
    page
}

#[derive(Serialize)]
struct ShownWord<'a> {
    t: &'a str,
    x: Option<f32>,
    y: Option<f32>,
    w: Option<f32>,
    h: Option<f32>,
    c: f32,
}

#[derive(Serialize)]
struct ShownLine<'a> {
    words: Vec<ShownWord<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    n: u32,
    source: Source,
    turned: u16,
    skew: f32,
    confidence: f32,
    lines: Vec<ShownLine<'a>>,
}

fn exact(value: f32) -> f32 {
    (value * 1000.0).round() / 1000.0
}

impl Page {
    fn shown<'a>(&self, word: &'a Word) -> ShownWord<'a> {
        let place = self.place(word);
        let part = |of: fn(Place) -> f32| place.map(of);
        let (x, y, w, h) = (part(|p| p.x), part(|p| p.y), part(|p| p.w), part(|p| p.h));
        ShownWord { t: &word.text, x, y, w, h, c: exact(word.confidence) }
    }
}

impl Serialize for Page {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lines =
            self.lines.iter().map(|words| ShownLine { words: words.iter().map(|word| self.shown(word)).collect() });
        Shown {
            n: self.number,
            source: self.source,
            turned: self.turned,
            skew: exact(self.skew),
            confidence: exact(self.confidence()),
            lines: lines.collect(),
        }
        .serialize(serializer)
    }
}
