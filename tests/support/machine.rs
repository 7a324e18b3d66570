//! Machines that are not as they should be: a library loaded before the binary answers in place of libc.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What such a machine does differently.
pub struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    /// Its clock shows this second since 1970.
    pub fn whose_clock_shows(second: i64) -> Self {
        let clock_gettime = if cfg!(target_arch = "x86_64") { 228 } else { 113 };
        Self::with(&format!(
            r#"unsafe extern "C" {{ fn syscall(number: i64, ...) -> i64; }}
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32 {{
                let result = unsafe {{ syscall({clock_gettime}, clock as i64, time) }};
                if clock == 0 {{ unsafe {{ (*time)[0] = {second} }} }}
                result as i32
            }}"#
        ))
    }

    /// Its clock fails once each time that this file is put there, which it takes away. The program asks for the
    /// time in many places and takes an answer for granted, so that this is a panic where a test wants one.
    pub fn whose_clock_breaks_at(file: &Path) -> Self {
        let clock_gettime = if cfg!(target_arch = "x86_64") { 228 } else { 113 };
        let file = file.display();
        Self::with(&format!(
            r#"unsafe extern "C" {{
                fn syscall(number: i64, ...) -> i64;
                fn unlink(path: *const u8) -> i32;
            }}
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32 {{
                if clock == 0 && unsafe {{ unlink(c"{file}".as_ptr().cast()) }} == 0 {{
                    return -1;
                }}
                unsafe {{ syscall({clock_gettime}, clock as i64, time) as i32 }}
            }}"#
        ))
    }

    /// It gives a process no thread but its first.
    pub fn without_threads() -> Self {
        Self::with(
            r#"#[unsafe(no_mangle)]
            pub extern "C" fn pthread_create(_: usize, _: usize, _: usize, _: usize) -> i32 { 11 }"#,
        )
    }

    /// Its file systems answer who asks for a lock with this error.
    pub fn whose_locks_fail_with(error: i32) -> Self {
        Self::with(&format!(
            r#"unsafe extern "C" {{ fn __errno_location() -> *mut i32; }}
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn flock(_: i32, _: i32) -> i32 {{
                unsafe {{ *__errno_location() = {error} }};
                -1
            }}"#
        ))
    }

    fn with(source: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("machine.rs");
        std::fs::write(&file, source).unwrap();
        let built = Command::new("rustc")
            .args(["--edition", "2024", "--crate-type", "cdylib", "-C", "panic=abort", "-o"])
            .args([&library(folder.path()), &file])
            .status()
            .unwrap();
        assert!(built.success());
        Self { folder }
    }

    /// The library, for `LD_PRELOAD`.
    pub fn library(&self) -> String {
        library(self.folder.path()).display().to_string()
    }
}

fn library(folder: &Path) -> PathBuf {
    folder.join("machine.so")
}
