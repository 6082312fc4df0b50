package io.tarn.server.mount.holder;

import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.Lifeline;
import io.tarn.server.mount.control.Connection;
import io.tarn.server.mount.control.Message;
import io.tarn.server.mount.control.Verb;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A worker that has reported. Thread-safe. */
final class WorkerLink {
    private final Connection connection;
    private final ProcessHandle process;
    private final BoundedLog log;
    private final CountDownLatch lost = new CountDownLatch(1);
    private Optional<WorkerLink> successor = Optional.empty();

    WorkerLink(final Connection connection, final ProcessHandle process, final BoundedLog log) {
        this.connection = connection;
        this.process = process;
        this.log = log;
    }

    long process() {
        return process.pid();
    }

    void send(final Message message, final List<Descriptor> descriptors) throws IOException {
        connection.send(message, descriptors);
    }

    /** Ends the conversation when the process is killed, even if it cannot die; see {@link Lifeline}. */
    void watch(final Descriptor lifeline) {
        Thread.ofPlatform().daemon().name("lifeline").start(() -> {
            Lifeline.await(lifeline);
            lifeline.close();
            connection.shutdown();
        });
    }

    /** Listens until it is gone; {@code after} each thing it said. */
    void listen(final KeptMounts mounts, final Runnable after) {
        try {
            Optional<Connection.Received> received = connection.receive();
            while (received.isPresent()) {
                if (received.get().message().verb() == Verb.HANDED_OVER) {
                    break;
                }
                mounts.heard(this, received.get());
                after.run();
                received = connection.receive();
            }
        } catch (final IOException nonsense) {
            log.say("process " + process() + " is not understood and stopped: " + nonsense.getMessage());
            kill();
        } finally {
            synchronized (this) {
                lost.countDown();
            }
        }
    }

    boolean isThere() {
        return lost.getCount() > 0;
    }

    void awaitLost() throws InterruptedException {
        lost.await();
    }

    /** Asks it to hand over to another that has reported; whether it is still there to hear that. */
    synchronized boolean handOverTo(final WorkerLink fresh) throws IOException {
        if (!isThere()) {
            return false;
        }
        successor = Optional.of(fresh);
        connection.send(Message.of(Verb.HAND_OVER));
        return true;
    }

    /** Waits until it has handed over, and makes it when it does not. */
    void awaitHandedOver(final Duration patience) throws InterruptedException {
        if (!lost.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            log.say("process " + process() + " does not hand over and is killed");
            kill();
            lost.await();
        }
    }

    /** Who goes on, if that is known already. */
    synchronized Optional<WorkerLink> successor() {
        return successor;
    }

    void kill() {
        process.destroyForcibly();
    }

    /** It has nothing to do any more, and ends by itself. */
    void letGo() {
        connection.shutdown();
    }
}
