//! The standard library, as text: it is written in the language itself.

#![forbid(unsafe_code)]

/// Every function of the library, one file after the other; their names need no `use`.
pub const TA: &str = concat!(
    include_str!("../averages.gbs"),
    "\n",
    include_str!("../momentum.gbs"),
    "\n",
    include_str!("../trend.gbs"),
    "\n",
    include_str!("../bands.gbs"),
    "\n",
    include_str!("../volume.gbs"),
    "\n",
    include_str!("../statistics.gbs"),
    "\n",
    include_str!("../past.gbs"),
    "\n",
    include_str!("../flow.gbs"),
);

/// The same files by name, for `use std/flow { ofi }`.
pub const FILES: [(&str, &str); 8] = [
    ("averages", include_str!("../averages.gbs")),
    ("bands", include_str!("../bands.gbs")),
    ("flow", include_str!("../flow.gbs")),
    ("momentum", include_str!("../momentum.gbs")),
    ("past", include_str!("../past.gbs")),
    ("statistics", include_str!("../statistics.gbs")),
    ("trend", include_str!("../trend.gbs")),
    ("volume", include_str!("../volume.gbs")),
];
