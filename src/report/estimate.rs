//! What people read of the cost of a run.

use super::sentences::{count, title};
use super::{Cost, Outcome, Report};
use crate::chain::LinkReport;
use crate::provider::Dollars;

/// "estimated cost: about $0.0006 and 2 pictures of unknown price"; `None` where nothing is charged.
pub(super) fn cost(report: &Report) -> Option<String> {
    let Cost { usd, unknown } = report.cost;
    let known = (usd > Dollars::NOTHING).then(|| format!("about {usd}"));
    let unknown =
        (unknown > 0).then(|| format!("{} of unknown price", count(unknown, "picture", "pictures")));
    let parts: Vec<_> = known.into_iter().chain(unknown).collect();
    let allowances: String = report.chain.iter().filter_map(|link| allowance(report, link)).collect();
    (!parts.is_empty()).then(|| format!("estimated cost: {}{allowances}", parts.join(" and ")))
}

/// What of a cost may be nothing after all. Nobody tells how much of an allowance is left.
fn allowance(report: &Report, link: &LinkReport) -> Option<String> {
    let allowance = link.allowance.as_ref()?;
    let charged = |post: &Outcome| {
        let mut attempts = post.attempts.iter().filter(|attempt| attempt.provider == link.name);
        let is_first = post.details().provider.as_deref() == Some(&*link.name);
        (post.details().planned != Cost::NONE && is_first)
            || attempts.any(|attempt| attempt.cost != Some(Dollars::NOTHING))
    };
    report.posts.iter().any(charged).then(|| {
        let title = title(&report.chain, &link.name);
        format!(", less what the allowance of {title} covers ({allowance})")
    })
}

/// What a picture costs there: "about $0.0006".
pub fn price(price: Option<Dollars>) -> String {
    match price {
        None => "price unknown".to_owned(),
        Some(Dollars::NOTHING) => "free".to_owned(),
        Some(price) => format!("about {price}"),
    }
}

/// What a dry run says where this budget does not pay for all that is planned; `None` where it does.
pub fn beyond_budget(report: &Report, budget: Dollars) -> Option<String> {
    let planned: Vec<Dollars> = report
        .posts
        .iter()
        .map(|post| post.details().planned.usd)
        .filter(|usd| *usd > Dollars::NOTHING)
        .collect();
    let mut left = budget;
    let paid = planned.iter().take_while(|usd| {
        let is_paid = **usd <= left;
        left = left - **usd;
        is_paid
    });
    let paid = paid.count();
    (paid < planned.len()).then(|| {
        format!(
            "the budget of {budget} pays for {paid} of these {} at the price of who is asked first; the others are for whoever takes less, or for the next run",
            count(planned.len(), "picture", "pictures")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn what_is_known_is_told_beside_what_is_not() {
        let mut report = samples::nothing_to_do();
        let told = |report: &mut Report, usd, unknown| {
            report.cost = Cost { usd: Dollars::millionths(usd), unknown };
            cost(report)
        };
        assert_eq!(told(&mut report, 0, 0), None);
        let told =
            [(634, 0), (0, 1), (30_720, 2)].map(|(usd, unknown)| told(&mut report, usd, unknown).unwrap());
        let right = [
            "estimated cost: about $0.0006",
            "estimated cost: 1 picture of unknown price",
            "estimated cost: about $0.0307 and 2 pictures of unknown price",
        ];
        assert_eq!(told, right);
    }

    #[test]
    fn a_dry_run_says_how_far_the_budget_goes() {
        let report = samples::dry_run();
        let told = [634, 1_268].map(|budget| beyond_budget(&report, Dollars::millionths(budget)));
        let start = "the budget of $0.0006 pays for 1 of these 2 pictures at the price of who is asked first";
        assert!(told[0].as_ref().is_some_and(|told| told.starts_with(start)), "{told:?}");
        assert_eq!(told[1], None);
    }

    #[test]
    fn what_an_account_has_for_nothing_is_told_of_who_was_charged_alone() {
        let less = ", less what the allowance of Cloudflare Workers AI covers (10,000 neurons a day)";
        let told =
            [samples::ok(), samples::dry_run(), samples::fell_back()].map(|report| cost(&report).unwrap());
        let right = [
            format!("estimated cost: about $0.0006{less}"),
            format!("estimated cost: about $0.0013{less}"),
            "estimated cost: 1 picture of unknown price".to_owned(),
        ];
        assert_eq!(told, right);
    }
}
