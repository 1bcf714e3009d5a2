
// Tries calls on what this file defines: src/checks/compiled/rust.ts puts this below it, with the calls. What is to be done is in
// QWILL_PROBE: a mark, the number of the mutant that is to be run in the place of the code (0: none), and the numbers of the calls in their
// order. For each call there is a line of the mark, the number of the mutant, the number of the call, its kind, what it does in hexadecimal
// digits, and the marked places that it ran.
#[allow(dead_code)]
static QWILL_MUTANT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
#[allow(dead_code, clippy::declare_interior_mutable_const)]
const QWILL_NOT: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
#[allow(dead_code)]
static QWILL_RAN: [std::sync::atomic::AtomicBool; MARKS] = [QWILL_NOT; MARKS];

#[allow(dead_code)]
fn qwill_mutant() -> usize {
    QWILL_MUTANT.load(std::sync::atomic::Ordering::Relaxed)
}

#[allow(dead_code)]
fn qwill_ran(place: usize) {
    QWILL_RAN[place].store(true, std::sync::atomic::Ordering::Relaxed);
}

#[cfg(test)]
mod qwill_probe {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
    use std::sync::atomic::Ordering;

    const LONGEST: usize = 400;
    const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);

    type Told = (&'static str, String);

    /// A value as it is written in code; none where it cannot be.
    trait Source {
        fn source(&self) -> Option<String>;
    }

    macro_rules! plain {
        ($($of:ty),*) => { $(impl Source for $of { fn source(&self) -> Option<String> { Some(format!("{:?}", self)) } })* };
    }
    plain!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, bool, char, str);

    macro_rules! floats {
        ($($of:ty),*) => { $(impl Source for $of {
            fn source(&self) -> Option<String> { if self.is_finite() { Some(format!("{:?}", self)) } else { None } }
        })* };
    }
    floats!(f32, f64);

    impl Source for String {
        fn source(&self) -> Option<String> {
            Some(format!("{:?}.to_string()", self))
        }
    }
    impl<T: Source + ?Sized> Source for &T {
        fn source(&self) -> Option<String> {
            (**self).source()
        }
    }
    impl<T: Source> Source for Box<T> {
        fn source(&self) -> Option<String> {
            Some(format!("Box::new({})", (**self).source()?))
        }
    }
    fn listed<'a, T: Source + 'a>(values: impl Iterator<Item = &'a T>) -> Option<String> {
        Some(values.map(|one| one.source()).collect::<Option<Vec<_>>>()?.join(", "))
    }
    impl<T: Source> Source for [T] {
        fn source(&self) -> Option<String> {
            Some(format!("[{}]", listed(self.iter())?))
        }
    }
    impl<T: Source, const N: usize> Source for [T; N] {
        fn source(&self) -> Option<String> {
            self[..].source()
        }
    }
    impl<T: Source> Source for Vec<T> {
        fn source(&self) -> Option<String> {
            Some(format!("vec!{}", self[..].source()?))
        }
    }
    impl<T: Source> Source for Option<T> {
        fn source(&self) -> Option<String> {
            match self {
                Some(value) => Some(format!("Some({})", value.source()?)),
                None => Some("None".to_string()),
            }
        }
    }
    impl<T: Source, E: Source> Source for Result<T, E> {
        fn source(&self) -> Option<String> {
            match self {
                Ok(value) => Some(format!("Ok({})", value.source()?)),
                Err(error) => Some(format!("Err({})", error.source()?)),
            }
        }
    }
    macro_rules! tuples {
        ($(($($name:ident $at:tt),+)),*) => { $(impl<$($name: Source),+> Source for ($($name,)+) {
            fn source(&self) -> Option<String> { Some(format!("({})", [$(self.$at.source()?),+].join(", "))) }
        })* };
    }
    tuples!((A 0, B 1), (A 0, B 1, C 2), (A 0, B 1, C 2, D 3));
    fn sorted(kind: &str, mut parts: Vec<String>) -> Option<String> {
        parts.sort();
        Some(format!("std::collections::{}::from([{}])", kind, parts.join(", ")))
    }
    macro_rules! maps {
        ($($of:ident),*) => { $(impl<K: Source, V: Source> Source for $of<K, V> {
            fn source(&self) -> Option<String> {
                let pairs = self.iter().map(|(key, value)| Some(format!("({}, {})", key.source()?, value.source()?)));
                sorted(stringify!($of), pairs.collect::<Option<Vec<_>>>()?)
            }
        })* };
    }
    maps!(HashMap, BTreeMap);
    macro_rules! sets {
        ($($of:ident),*) => { $(impl<T: Source> Source for $of<T> {
            fn source(&self) -> Option<String> {
                sorted(stringify!($of), self.iter().map(|one| one.source()).collect::<Option<Vec<_>>>()?)
            }
        })* };
    }
    sets!(HashSet, BTreeSet);

    /// Of these three the compiler takes the first that fits: a value that can be written, a result with any error, or anything.
    struct Given<'a, T>(&'a T);
    trait AsSource {
        fn told(&self) -> Told;
    }
    impl<T: Source> AsSource for &&Given<'_, T> {
        fn told(&self) -> Told {
            match self.0.source() {
                Some(text) => ("value", text),
                None => ("other", "<value>".to_string()),
            }
        }
    }
    trait AsResult {
        fn told(&self) -> Told;
    }
    impl<T: Source, E> AsResult for &Given<'_, Result<T, E>> {
        fn told(&self) -> Told {
            match self.0 {
                Ok(value) => match value.source() {
                    Some(text) => ("value", format!("Ok({})", text)),
                    None => ("other", "<value>".to_string()),
                },
                Err(_) => ("error", "! Err".to_string()),
            }
        }
    }
    trait AsAnything {
        fn told(&self) -> Told;
    }
    impl<T> AsAnything for Given<'_, T> {
        fn told(&self) -> Told {
            ("other", format!("<{}>", std::any::type_name::<T>()))
        }
    }

    fn done(call: fn() -> Told) -> Told {
        let (send, receive) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(move || {
            let told = std::panic::catch_unwind(call).unwrap_or(("error", "! panic".to_string()));
            let _ = send.send(told);
        });
        if thread.is_err() {
            return ("late", "! late".to_string());
        }
        match receive.recv_timeout(PATIENCE) {
            Ok((kind, does)) if does.len() > LONGEST => (if kind == "value" { "other" } else { kind }, does.chars().take(LONGEST).collect()),
            Ok(told) => told,
            Err(_) => ("late", "! late".to_string()),
        }
    }

    #[test]
    fn run() {
        let asked = std::env::var("QWILL_PROBE").unwrap_or_default();
        let mut words = asked.split_whitespace();
        let (Some(mark), Some(mutant)) = (words.next(), words.next()) else { return };
        QWILL_MUTANT.store(mutant.parse().unwrap(), Ordering::Relaxed);
        std::panic::set_hook(Box::new(|_| {}));
        println!("\n{} begun {}", mark, mutant);
        for word in words {
            let number: usize = word.parse().unwrap();
            QWILL_RAN.iter().for_each(|one| one.store(false, Ordering::Relaxed));
            let (kind, does) = done(CALLED[number]);
            let ran: Vec<String> = (0..QWILL_RAN.len()).filter(|&one| QWILL_RAN[one].load(Ordering::Relaxed)).map(|one| one.to_string()).collect();
            let hex: String = does.bytes().map(|one| format!("{:02x}", one)).collect();
            println!("\n{} {} {} {} {} {}.", mark, mutant, number, kind, hex, ran.join(","));
            if kind == "late" {
                break; // Nothing is known of the calls behind one that does not end.
            }
        }
        std::process::exit(0);
    }

    #[allow(unused_imports, unused_must_use, clippy::all)]
    const CALLED: &[fn() -> Told] = &[
CALLS
    ];
}
