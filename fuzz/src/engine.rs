//! What can play a checked program. The first one is the measure; native code joins by one more line in `ENGINES`.

use gbc_core::Strategy;
use gbc_diagnostics::Diagnostic;
use gbc_driver::{Checked, Passes, Value};

use crate::world::World;

/// One way to turn a program into a running strategy.
pub trait Engine: Sync {
    /// What people call it.
    fn name(&self) -> &'static str;

    /// Whether its memory lies where that of the first lies.
    fn shares_layout(&self) -> bool {
        true
    }

    /// The strategy before its first event.
    fn start(&self, checked: &Checked, params: &[Value], world: &World) -> Result<Box<dyn Strategy>, Box<Diagnostic>>;
}

/// Every engine there is; each plays what the first plays, bit for bit.
pub const ENGINES: [&dyn Engine; 2] = [&Interpreter, &AsLowered];

/// What a program means.
#[derive(Clone, Copy, Debug)]
pub struct Interpreter;

impl Engine for Interpreter {
    fn name(&self) -> &'static str {
        "interp"
    }

    fn start(&self, checked: &Checked, params: &[Value], world: &World) -> Result<Box<dyn Strategy>, Box<Diagnostic>> {
        start(Passes::All, checked, params, world)
    }
}

/// The same without anything left out.
#[derive(Clone, Copy, Debug)]
pub struct AsLowered;

impl Engine for AsLowered {
    fn name(&self) -> &'static str {
        "interp without optimize"
    }

    fn shares_layout(&self) -> bool {
        false
    }

    fn start(&self, checked: &Checked, params: &[Value], world: &World) -> Result<Box<dyn Strategy>, Box<Diagnostic>> {
        start(Passes::None, checked, params, world)
    }
}

fn start(
    passes: Passes,
    checked: &Checked,
    params: &[Value],
    world: &World,
) -> Result<Box<dyn Strategy>, Box<Diagnostic>> {
    let bound = checked.bind_after(passes, params, world.instruments.clone(), &world.sources, None)?;
    Ok(Box::new(bound.machine))
}
