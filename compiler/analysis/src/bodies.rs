//! The statements of a rule, each with what is known where it stands.
//!
//! The rule's condition holds, and within `if` that one's. An assignment ends it all: what a condition spoke of may have
//! changed with it.

use gbc_hir::{Action, ExprId, Program, Rule};

use crate::reading::{Env, Reader};

/// What a statement reads.
#[derive(Clone, Copy)]
pub(crate) enum Statement {
    /// The condition of an `if`.
    Condition(ExprId),
    /// What a state becomes.
    Becomes(ExprId),
    /// What is written down.
    Exports(ExprId),
}

/// All statements of a rule that can be reached, in order.
pub(crate) fn statements(reader: &mut Reader, program: &Program, rule: &Rule) -> Vec<(Env, Statement)> {
    let mut found = Vec::new();
    let mut env = reader.assume(&mut Env::default(), rule.condition, true);
    walk(reader, program, &mut env, &rule.body, &mut found);
    found.retain(|(env, _)| !env.dead);
    found
}

fn walk(reader: &mut Reader, program: &Program, env: &mut Env, body: &[Action], found: &mut Vec<(Env, Statement)>) {
    for action in body {
        match action {
            Action::Assign(assign) => {
                found.push((env.clone(), Statement::Becomes(assign.value)));
                *env = Env { dead: env.dead, ..Env::default() };
            }
            Action::Export(export) => {
                found.push((env.clone(), Statement::Exports(program.exports[*export].value)));
            }
            // What an order lacks is not sent.
            Action::Send(_) | Action::Cancel(_) => {}
            Action::If { condition, then, otherwise } => {
                found.push((env.clone(), Statement::Condition(*condition)));
                let before = found.len();
                for (branch, truth) in [(then, true), (otherwise, false)] {
                    let mut inner = reader.assume(env, *condition, truth);
                    inner.dead |= env.dead;
                    walk(reader, program, &mut inner, branch, found);
                }
                let assigns = |(_, statement): &(Env, Statement)| matches!(statement, Statement::Becomes(_));
                if found[before..].iter().any(assigns) {
                    *env = Env { dead: env.dead, ..Env::default() };
                }
            }
        }
    }
}
