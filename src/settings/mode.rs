//! What a run is to do: input `mode`, or the first word of the command line.

use super::inputs;
use super::values::Values;

/// What a run is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Give posts their pictures.
    Generate,
    /// See whether posts have their pictures, and readers see them.
    Check,
    /// Say what `generate` would do, and into which shards it can be divided.
    Plan,
    /// Print the chain.
    Providers,
    /// Try the chain place by place.
    Drill,
    /// Unpack the sample blog and generate there.
    Demo,
}

impl Mode {
    /// Whether it costs and writes nothing, whatever event started the run.
    pub(super) fn only_looks(self) -> bool {
        match self {
            Self::Check => true,
            Self::Generate | Self::Plan | Self::Providers | Self::Drill | Self::Demo => false,
        }
    }

    /// Whether its runs end in a verdict on the blog, of which an issue may tell.
    pub(super) fn ends_with_a_verdict(self) -> bool {
        match self {
            Self::Generate | Self::Check => true,
            Self::Plan | Self::Providers | Self::Drill | Self::Demo => false,
        }
    }

    /// Whether the services that are configured matter to it: those that draw, and GitHub.
    pub(super) fn asks_services(self) -> bool {
        match self {
            Self::Generate | Self::Plan | Self::Providers | Self::Drill => true,
            Self::Check | Self::Demo => false,
        }
    }
}

/// A mode by its name.
pub struct NamedMode {
    /// What it is.
    pub mode: Mode,
    /// The word that asks for it.
    pub name: &'static str,
    /// What it does, as the help says it.
    pub about: &'static str,
    /// Whether input `mode` takes it too; a workflow has no use for every one.
    pub input: bool,
}

/// Every mode, in the order of the help.
pub const MODES: &[NamedMode] = &[
    NamedMode {
        mode: Mode::Generate,
        name: "generate",
        about: "give every post that lacks one a hero image (the default)",
        input: true,
    },
    NamedMode {
        mode: Mode::Check,
        name: "check",
        about: "see whether every published post has its hero image, with --built on its page too; needs no key",
        input: true,
    },
    NamedMode {
        mode: Mode::Plan,
        name: "plan",
        about: "say what generate would do and cost, without doing it, and divide it into the jobs of a matrix",
        input: true,
    },
    NamedMode {
        mode: Mode::Providers,
        name: "providers",
        about: "print the chain: configured or not, why, which model",
        input: true,
    },
    NamedMode {
        mode: Mode::Drill,
        name: "drill",
        about: "prove place by place that the chain delivers when those in front are out; costs nothing without --live",
        input: true,
    },
    NamedMode {
        mode: Mode::Demo,
        name: "demo",
        about: "unpack a sample blog to a new temporary folder and generate there, without key or network",
        input: false,
    },
];

/// The mode that a word of the command line asks for.
pub(super) fn find(word: &str) -> Option<Mode> {
    MODES.iter().find(|named| named.name == word).map(|named| named.mode)
}

/// The mode of this run; the command line beats the input.
pub(super) fn parse(values: &mut Values<'_>, typed: Option<Mode>) -> Mode {
    let words: Vec<_> =
        MODES.iter().filter(|named| named.input).map(|named| (named.name, named.mode)).collect();
    typed.unwrap_or_else(|| values.choice(&inputs::MODE, &words))
}
