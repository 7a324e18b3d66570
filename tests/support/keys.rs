//! The variables that lead a run to the mock of a provider: its secret, and its address.

use super::server::Server;

pub fn cloudflare(server: &Server) -> [(&'static str, &str); 2] {
    let secret = "0123456789abcdef0123456789abcdef:cf-secret-token";
    [("CLOUDFLARE", secret), ("CLOUDFLARE_BASE_URL", server.url())]
}

pub fn together(server: &Server) -> [(&'static str, &str); 2] {
    [("TOGETHER_API_TOKEN", "together-secret-token"), ("TOGETHER_BASE_URL", server.url())]
}

pub fn gemini(server: &Server) -> [(&'static str, &str); 2] {
    [("GEMINI", "gemini-secret-token"), ("GEMINI_BASE_URL", server.url())]
}
