//! What a model takes and gives, as far as its file tells.

/// No model may have more inputs or outputs, and no name is kept longer.
pub(crate) const MOST_PORTS: usize = 65_536;
const MOST_CHARACTERS: usize = 48;

/// One input or output: a number, or several in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its name; `None` where the file has one that was only counted up, like `f0`.
    pub name: Option<String>,
    /// How many numbers it is; `None` where the file leaves it open.
    pub width: Option<usize>,
}

/// What a model takes and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What it takes, in order.
    pub inputs: Vec<Port>,
    /// What it gives, in order.
    pub outputs: Vec<Port>,
}

impl Signature {
    /// How many numbers it takes, if the file tells.
    pub fn takes(&self) -> Option<usize> {
        width(&self.inputs)
    }

    /// How many numbers it gives, if the file tells.
    pub fn gives(&self) -> Option<usize> {
        width(&self.outputs)
    }

    /// The names of the numbers it takes, if the file has one for each.
    pub fn names_taken(&self) -> Option<Vec<&str>> {
        names(&self.inputs)
    }

    /// The names of the numbers it gives, if the file has one for each.
    pub fn names_given(&self) -> Option<Vec<&str>> {
        names(&self.outputs)
    }
}

fn width(ports: &[Port]) -> Option<usize> {
    ports.iter().try_fold(0_usize, |sum, port| sum.checked_add(port.width?))
}

fn names(ports: &[Port]) -> Option<Vec<&str>> {
    ports.iter().map(|port| port.name.as_deref().filter(|_| port.width == Some(1))).collect()
}

/// A name as it can stand in a message, whatever a file holds.
pub(crate) fn shown(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == ' ' || c.is_ascii_graphic() && c != '`' { c } else { '?' };
    let mut shown: String = name.chars().take(MOST_CHARACTERS).map(plain).collect();
    if name.chars().nth(MOST_CHARACTERS).is_some() {
        shown.push('…');
    }
    shown
}
