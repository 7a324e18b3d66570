use std::sync::mpsc;

use futures_util::FutureExt as _;

use super::*;
use crate::fault;

/// A budget of its own for each test: they run side by side.
fn budget() -> &'static Budget {
    Box::leak(Box::new(Budget::new()))
}

/// Bytes that fit into no common share.
const LARGE: u64 = SHARED + 1;

fn is_free(budget: &Budget) -> bool {
    let taken = lock(&budget.taken);
    taken.shared == 0 && !taken.has_large
}

async fn taken(account: &MemoryAccount, bytes: u64) -> Hold {
    let mut hold = account.charge(0);
    hold.grow(bytes).await;
    hold
}

#[test]
fn small_ones_are_held_side_by_side_and_beside_a_large_one() {
    let budget = budget();
    let large = MemoryAccount::of(budget).take_blocking(LARGE);
    let small: Vec<_> = (0..8).map(|_| MemoryAccount::of(budget).take_blocking(SHARED / 8)).collect();
    drop((large, small));
    assert!(is_free(budget));
}

#[test]
fn a_second_large_one_waits_until_the_first_has_given_back_what_it_took() {
    let budget = budget();
    let mut first = MemoryAccount::of(budget).take_blocking(LARGE);
    let (done, is_done) = mpsc::channel();
    let second = std::thread::spawn(move || {
        let hold = MemoryAccount::of(budget).take_blocking(LARGE);
        done.send(()).unwrap();
        drop(hold);
    });
    // It may be asked to wait, or not have asked yet: in neither case is it done.
    assert!(is_done.try_recv().is_err());
    first.grow_blocking(LARGEST);
    assert!(is_done.try_recv().is_err(), "who has the turn gets more, and nobody else");
    first.keep(SHARED / 2);
    is_done.recv().unwrap();
    second.join().unwrap();
    drop(first);
    assert!(is_free(budget));
}

#[tokio::test]
async fn nobody_who_holds_something_waits_for_ever_however_many_there_are() {
    let budget = budget();
    let posts = (0..64).map(|_| {
        tokio::spawn(async move {
            let account = MemoryAccount::of(budget);
            let mut body = taken(&account, 1 << 20).await;
            for _ in 0..24 {
                body.grow(1 << 20).await;
                tokio::task::yield_now().await;
            }
            let decoding = account.clone();
            let pixels = tokio::task::spawn_blocking(move || decoding.take_blocking(LARGEST)).await.unwrap();
            drop(body);
            let made = taken(&account, 1 << 20).await;
            drop((pixels, made));
        })
    });
    for post in posts.collect::<Vec<_>>() {
        post.await.unwrap();
    }
    assert!(is_free(budget));
}

#[tokio::test]
async fn what_is_taken_is_given_back_after_an_error_a_panic_and_a_future_that_is_dropped() {
    let budget = budget();
    let failing = || {
        let _hold = MemoryAccount::of(budget).take_blocking(LARGE);
        Err::<(), _>("no picture")
    };
    failing().unwrap_err();
    assert!(is_free(budget), "after an error");
    let panicking = || {
        let _hold = MemoryAccount::of(budget).take_blocking(LARGE);
        std::panic::resume_unwind(Box::new("in a decoder"));
    };
    fault::guarded(panicking).unwrap_err();
    assert!(is_free(budget), "after a panic");
    let held = MemoryAccount::of(budget).take_blocking(LARGE);
    let account = MemoryAccount::of(budget);
    let mut waiting = Box::pin(taken(&account, LARGE));
    assert!(waiting.as_mut().now_or_never().is_none());
    drop(waiting);
    drop(held);
    assert!(is_free(budget), "after a wait that was given up");
    let cut_off = async {
        let _hold = taken(&account, LARGE).await;
        std::future::pending::<()>().await;
    };
    assert!(cut_off.now_or_never().is_none());
    assert!(is_free(budget), "after work that was cut off");
}

#[tokio::test(start_paused = true)]
async fn waiting_for_memory_is_not_time_that_a_service_took() {
    let budget = budget();
    let second = Duration::from_secs(1);
    let first = MemoryAccount::of(budget).take_blocking(LARGE);
    let account = MemoryAccount::of(budget);
    let work = async {
        tokio::time::sleep(second).await;
        let _hold = taken(&MemoryAccount::current(), LARGE).await;
        tokio::time::sleep(second).await;
    };
    let given_back = async {
        tokio::time::sleep(60 * second).await;
        drop(first);
    };
    let (done, ()) = tokio::join!(account.clone().scope(timeout(3 * second, work)), given_back);
    assert_eq!(done, Some(()));
    let slow = account.scope(timeout(3 * second, tokio::time::sleep(4 * second)));
    assert_eq!(slow.await, None);
}

#[tokio::test]
async fn all_work_of_a_post_is_charged_to_its_one_account() {
    let account = MemoryAccount::of(budget());
    let (inside, blocking) = account
        .clone()
        .scope(async {
            let inside = MemoryAccount::current();
            let carried = MemoryAccount::current();
            let work = move || carried.scope_blocking(MemoryAccount::current);
            (inside, tokio::task::spawn_blocking(work).await.unwrap())
        })
        .await;
    for known in [&inside, &blocking] {
        assert!(Arc::ptr_eq(&known.0, &account.0));
    }
    assert!(!Arc::ptr_eq(&MemoryAccount::current().0, &account.0));
}
