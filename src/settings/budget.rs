//! Input `budget`: how much it is, and who cannot be asked under it.

use super::inputs;
use super::values::Values;
use crate::chain::Link;
use crate::provider::Dollars;

/// The input, if it is given.
pub(super) fn parse(values: &mut Values<'_>) -> Option<Dollars> {
    values.given(&inputs::BUDGET, Dollars::parse, "US dollars such as `0.50`")
}

/// Keeps models of unknown price out of a chain with a budget.
pub(super) struct PriceGate {
    /// Whether there is a budget.
    pub shut: bool,
    /// Who is left out, for people: a service with its models.
    pub left_out: Vec<String>,
}

impl PriceGate {
    /// The link with those of its models that may be asked, if there are any.
    pub(super) fn pass(&mut self, link: Link) -> Option<Link> {
        if !self.shut {
            return Some(link);
        }
        let title = link.service.title.clone();
        let (link, unpriced) = link.of_known_price();
        if !unpriced.is_empty() {
            let names: Vec<_> = unpriced.iter().map(|model| format!("`{model}`")).collect();
            self.left_out.push(format!("{title} {}", names.join(", ")));
        }
        link
    }

    /// Says once who is left out, and what can be done about it; where nobody else is there it is a problem.
    pub(super) fn tell(self, values: &mut Values<'_>, is_alone: bool) {
        if self.left_out.is_empty() {
            return;
        }
        let (source, names) = (values.source(&inputs::BUDGET), self.left_out.join("; "));
        if is_alone {
            values.problems.push(format!(
                "{source}: nobody can be asked, because the price of these models is not known: {names}; name models \
                 of the list in docs/providers.md, add another service, or leave `budget` out"
            ));
        } else {
            values.warnings.push(format!(
                "{source}: the price of these models is not known, so they are not asked: {names}; name models of the \
                 list in docs/providers.md, leave the service out of `providers`, or leave `budget` out"
            ));
        }
    }
}

/// A budget that pays for no picture of this size is a mistake.
pub(super) fn prove(
    values: &mut Values<'_>,
    budget: Option<Dollars>,
    links: &[Link],
    width: u32,
    height: u32,
) {
    let prices = |link: &Link| {
        link.models_left().into_iter().filter_map(|model| link.price(model, width, height)).min()
    };
    let Some((budget, least)) = budget.zip(links.iter().filter_map(prices).min()) else { return };
    if budget < least {
        values.problems.push(format!(
            "{}: `{}` pays for no picture; the cheapest model of the chain takes {}, so raise it",
            values.source(&inputs::BUDGET),
            budget.decimal(),
            least.decimal()
        ));
    }
}
