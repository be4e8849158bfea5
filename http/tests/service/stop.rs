//! The end: nothing that was accepted is lost.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::{connect, get, post, read, request, request_of_a011, with};

#[test]
fn what_was_accepted_is_answered() {
    let service = with(|options| options.limits.drain = Duration::from_millis(300));
    let address = service.address();
    let bytes = request("POST", "/stu3/$validate", &[], request_of_a011().as_bytes());
    let (answered, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let mut stream = connect(address);
                loop {
                    let is_sent = stream.write_all(&bytes).is_ok();
                    let Some(reply) = read(&mut stream).filter(|_| is_sent) else {
                        lost.fetch_add(1, Ordering::Relaxed);
                        return;
                    };
                    assert_eq!(reply.status, 200);
                    answered.fetch_add(1, Ordering::Relaxed);
                    // A client that is told to go elsewhere does so.
                    if reply.header("connection") == "close" {
                        return;
                    }
                }
            });
        }
        thread::sleep(Duration::from_millis(500));
        service.stop().expect("all is answered");
    });
    let (answered, lost) = (answered.into_inner(), lost.into_inner());
    assert!(answered > 50, "{answered}");
    assert_eq!(lost, 0, "of {answered}");
}

#[test]
fn who_comes_again_and_again_is_answered_or_not_let_in() {
    let service = with(|_| ());
    let address = service.address();
    let bytes = request("POST", "/r4/$validate", &[], b"{}");
    let (answered, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                while let Ok(mut stream) = std::net::TcpStream::connect(address) {
                    loop {
                        let is_sent = stream.write_all(&bytes).is_ok();
                        let Some(reply) = read(&mut stream).filter(|_| is_sent) else {
                            lost.fetch_add(1, Ordering::Relaxed);
                            break;
                        };
                        answered.fetch_add(1, Ordering::Relaxed);
                        if reply.header("connection") == "close" {
                            break;
                        }
                    }
                }
            });
        }
        thread::sleep(Duration::from_millis(300));
        service.stop().expect("all is answered");
    });
    let (answered, lost) = (answered.into_inner(), lost.into_inner());
    assert!(answered > 100, "{answered}");
    // Between the last that is taken and the end of listening the system may take one more, which nobody can answer.
    assert!(lost < 4, "{lost} of {answered}");
}

#[test]
fn a_body_on_its_way_is_waited_for() {
    let service = with(|_| ());
    let address = service.address();
    let mut stream = connect(address);
    stream
        .write_all(b"POST /r4/$validate HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{")
        .expect("it is sent");
    assert_eq!(get(&service, "/ready").status, 200);
    let idle = connect(address);
    let stopping = thread::spawn(move || service.stop());
    thread::sleep(Duration::from_millis(500));
    stream.write_all(b"}").expect("it is sent");
    let reply = read(&mut stream).expect("it is answered");
    assert_eq!((reply.status, reply.header("connection")), (200, "close"));
    assert!(stopping.join().expect("it ends").is_ok());
    drop(idle);
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn a_request_that_never_ends_is_not_waited_for() {
    let service = with(|options| options.limits.grace = Duration::from_millis(200));
    let mut stream = connect(service.address());
    stream
        .write_all(b"POST /r4/$validate HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{")
        .expect("it is sent");
    assert_eq!(post(&service, "/r4/$validate", "{}").status, 200);
    assert!(service.stop().is_err());
}
