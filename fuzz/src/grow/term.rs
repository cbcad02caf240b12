//! Text of an expression with how tightly it binds, so that brackets stand where they must and seldom elsewhere.

/// How tightly an operator binds; the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Else,
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    Minus,
    Whole,
}

/// An expression as text.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) text: String,
    pub(super) level: Level,
}

impl Term {
    /// Something that needs no brackets anywhere.
    pub(super) fn whole(text: impl Into<String>) -> Term {
        Term { text: text.into(), level: Level::Whole }
    }

    /// In brackets, unless it binds at least so tightly.
    fn at(&self, level: Level) -> String {
        if self.level >= level { self.text.clone() } else { format!("({})", self.text) }
    }

    /// `left op right`
    pub(super) fn binary(left: &Term, op: &str, right: &Term) -> Term {
        let level = match op {
            "else" => Level::Else,
            "or" => Level::Or,
            "and" => Level::And,
            "+" | "-" => Level::Sum,
            "*" | "/" | "div" | "mod" => Level::Product,
            _ => Level::Compare,
        };
        // All operators group to the left, but comparisons do not chain.
        let next = match level {
            Level::Else => Level::Or,
            Level::Or => Level::And,
            Level::And => Level::Not,
            Level::Sum => Level::Product,
            Level::Product => Level::Minus,
            _ => Level::Sum,
        };
        let first = if level == Level::Compare { next } else { level };
        Term { text: format!("{} {op} {}", left.at(first), right.at(next)), level }
    }

    pub(super) fn not(&self) -> Term {
        Term { text: format!("not {}", self.at(Level::Not)), level: Level::Not }
    }

    pub(super) fn minus(&self) -> Term {
        Term { text: format!("-{}", self.at(Level::Minus)), level: Level::Minus }
    }

    /// `self[back]`
    pub(super) fn past(&self, back: &str) -> Term {
        Term::whole(format!("{}[{back}]", self.at(Level::Whole)))
    }

    /// `if condition { then } else { otherwise }`
    pub(super) fn choice(condition: &Term, then: &Term, otherwise: &Term) -> Term {
        Term::whole(format!("if {} {{ {} }} else {{ {} }}", condition.text, then.text, otherwise.text))
    }

    /// `function(args)`
    pub(super) fn call(function: &str, args: &[&Term]) -> Term {
        let args: Vec<&str> = args.iter().map(|arg| arg.text.as_str()).collect();
        Term::whole(format!("{function}({})", args.join(", ")))
    }
}
