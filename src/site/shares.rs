//! The same question to every post, on every core.

/// Below so many posts a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 2_000;

/// The answers in the order of the items.
pub fn ask_each<T: Sync, R: Send>(items: &[T], ask: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let answers = |share: &[T]| share.iter().map(&ask).collect::<Vec<_>>();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = items.len().div_ceil(threads).max(WORTH_A_THREAD);
    if items.len() <= share {
        return answers(items);
    }
    std::thread::scope(|scope| {
        let running: Vec<_> =
            items.chunks(share).map(|share| (share, scope.spawn(move || answers(share)))).collect();
        running
            .into_iter()
            .flat_map(|(share, thread)| thread.join().unwrap_or_else(|_| answers(share)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_the_order_of_the_items_however_many_there_are() {
        for number in [0, 1, WORTH_A_THREAD, 5 * WORTH_A_THREAD + 1] {
            let items: Vec<usize> = (0..number).collect();
            let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(ask_each(&items, |item| item * 2), doubled);
        }
    }
}
