//! `gbc emit`: what the compiler made of a source.

use gbc_driver::Stage;

use crate::args::{EmitArgs, StageArg};
use crate::exit::Exit;
use crate::{check, libraries, out};

pub(crate) fn emit(args: &EmitArgs) -> Result<(), Exit> {
    let checked = libraries::checked(&args.file)?;
    let stage = match args.stage {
        StageArg::Ast => Stage::Ast,
        StageArg::Hir => Stage::Hir,
        StageArg::Flow => Stage::Flow,
    };
    let text = gbc_driver::emit(&checked, stage);
    if args.stage != StageArg::Ast {
        check::sound(&checked)?;
    }
    out::print(&text.unwrap_or_default())
}
