//! Issues: text, state and comments.

use super::state::State;
use super::world::World;

/// One issue that is no pull request.
#[derive(Clone, Debug)]
pub struct Issue {
    pub number: u64,
    pub title: String,
    pub body: String,
    pub author: String,
    pub open: bool,
    pub comments: Vec<String>,
    /// When it last changed, by the fake's clock.
    pub changed: i64,
}

impl State {
    /// Opens an issue; its number is one of those that pull requests have.
    pub fn open_issue(&mut self, author: &str, title: &str, body: &str) -> u64 {
        let (number, changed) = ((self.pulls.len() + self.issues.len()) as u64 + 1, self.tick());
        let (author, title, body) = (author.to_owned(), title.to_owned(), body.to_owned());
        self.issues.push(Issue { number, title, body, author, open: true, comments: Vec::new(), changed });
        number
    }
}

impl World {
    /// Somebody opens an issue.
    pub fn issue(&self, author: &str, title: &str, body: &str) -> u64 {
        self.state().open_issue(author, title, body)
    }

    /// All issues as they stand, without pull requests.
    pub fn issues(&self) -> Vec<Issue> {
        self.state().issues.clone()
    }
}
