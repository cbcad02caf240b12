//! What XGBoost's `save_model("m.json")` says of a model. Its counts are texts.

use serde::Deserialize;

use crate::refusal::{Refusal, again};
use crate::signature::Signature;
use crate::trees::signature;

/// The part of the file that is read.
#[derive(Deserialize)]
pub(crate) struct Learner {
    learner_model_param: Counts,
    gradient_booster: Booster,
    #[serde(default)]
    feature_names: Vec<String>,
}

#[derive(Deserialize)]
struct Counts {
    num_feature: String,
    num_class: Option<String>,
    num_target: Option<String>,
}

#[derive(Deserialize)]
struct Booster {
    name: String,
}

impl Learner {
    pub(crate) fn signature(&self) -> Result<Signature, Refusal> {
        if !["gbtree", "dart"].contains(&self.gradient_booster.name.as_str()) {
            return Err(Refusal::new("it has no trees", "train it with `booster=\"gbtree\"`"));
        }
        let Counts { num_feature, num_class, num_target } = &self.learner_model_param;
        let classes = count(num_class.as_deref().unwrap_or("0"))?;
        let targets = count(num_target.as_deref().unwrap_or("1"))?;
        // One number per class; of two classes there is one number, and `num_class` is 0.
        signature(count(num_feature)?, &self.feature_names, "f", classes.max(targets))
    }
}

fn count(text: &str) -> Result<u64, Refusal> {
    text.parse().map_err(|_| Refusal::new("one of its counts is no whole number", again(true)))
}
