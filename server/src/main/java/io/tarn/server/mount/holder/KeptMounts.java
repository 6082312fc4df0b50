package io.tarn.server.mount.holder;

import io.tarn.posix.linux.Descriptor;
import io.tarn.server.mount.control.Connection;
import io.tarn.server.mount.control.Field;
import io.tarn.server.mount.control.Message;
import io.tarn.server.mount.control.MountDescription;
import io.tarn.server.mount.control.Trouble;
import io.tarn.server.mount.control.Verb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All mounts that are kept, and the worker that serves them at the moment. What the worker is to do is told to it at once when there is one,
 * and to its successor from what is known here. Only the present worker is listened to.
 *
 * <p>Thread-safe: one lock, under which nothing waits but for room in a socket's buffer.
 */
final class KeptMounts {
    private static final int MOUNTS_MAX = 4_096;
    private static final int FURTHER_MAX = 8;

    private final BoundedLog log;
    private final Map<String, KeptMount> mounts = new LinkedHashMap<>();
    private Optional<WorkerLink> worker = Optional.empty();
    private long last;

    KeptMounts(final BoundedLog log) {
        this.log = log;
    }

    /** Wants a mount; its {@link KeptMount#prepared} tells whether it can be. */
    synchronized KeptMount prepare(final MountDescription description) throws IOException {
        if (mounts.size() >= MOUNTS_MAX) {
            throw new IOException("there are " + MOUNTS_MAX + " mounts already");
        }
        final KeptMount mount = new KeptMount(Long.toString(++last), description);
        mounts.put(mount.id(), mount);
        tellAgain(mount);
        return mount;
    }

    /** It was mounted; {@link KeptMount#serving} tells whether it is served. The descriptor is kept from here on. */
    synchronized void serve(final KeptMount mount, final Optional<Descriptor> device) {
        if (mounts.get(mount.id()) != mount) {
            device.ifPresent(Descriptor::close);
            return;
        }
        mount.device = device;
        tell(about(mount, Verb.SERVE), device.stream().toList());
    }

    /** It is not wanted any more, and was never served. */
    synchronized void drop(final KeptMount mount) {
        tell(about(mount, Verb.DROP), List.of());
        remove(mount, failure("given up"));
    }

    /** From here on {@code fresh} serves, beginning with all that there is. */
    synchronized void engage(final WorkerLink fresh) {
        worker = Optional.of(fresh);
        List.copyOf(mounts.values()).forEach(this::tellAgain);
    }

    private void tellAgain(final KeptMount mount) {
        if (worker.isEmpty()) {
            return;
        }
        if (mount.parameters.isPresent()) {
            final List<Descriptor> descriptors = new ArrayList<>();
            mount.device.ifPresent(descriptors::add);
            descriptors.addAll(mount.further);
            tell(
                    mount.description()
                            .in(about(mount, Verb.RESUME))
                            .with(Field.TOKEN, mount.token.orElse(""))
                            .with(Field.PARAMETERS, mount.parameters.get()),
                    descriptors);
        } else if (mount.device.isPresent()) {
            // the kernel said INIT to a worker that died before it told what was agreed, and says it only once
            remove(mount, failure("the process that serves mounts died at the beginning of this one"));
        } else {
            tell(mount.description().in(about(mount, Verb.PREPARE)), List.of());
        }
    }

    private static Message about(final KeptMount mount, final Verb verb) {
        return Message.of(verb).with(Field.ID, mount.id());
    }

    static Message failure(final String reason) {
        return Message.of(Verb.FAILED)
                .with(Field.TROUBLE, Trouble.FAILED.name())
                .with(Field.REASON, reason);
    }

    /** A worker that is gone needs not be told: its successor will be. */
    private void tell(final Message message, final List<Descriptor> descriptors) {
        if (worker.isPresent()) {
            try {
                worker.get().send(message, descriptors);
            } catch (final IOException gone) {
                log.say("the worker does not hear " + message + ": " + gone.getMessage());
            }
        }
    }

    /** What a worker says. */
    synchronized void heard(final WorkerLink from, final Connection.Received received) throws IOException {
        final Message message = received.message();
        final KeptMount mount = mounts.get(message.find(Field.ID).orElse(""));
        if (mount == null || worker.isEmpty() || worker.get() != from) {
            received.closeDescriptors();
            return;
        }
        message.find(Field.TOKEN).ifPresent(token -> mount.token = Optional.of(token));
        switch (message.verb()) {
            case TOKEN -> {}
            case PREPARED -> mount.prepared().complete(message);
            case SERVING -> {
                mount.parameters = Optional.of(message.get(Field.PARAMETERS));
                log.say(mount + " is served by process " + from.process());
                mount.serving().complete(message);
            }
            case KEEP -> keep(mount, received.descriptors());
            case FAILED -> {
                log.say(mount + " cannot be served: "
                        + message.find(Field.REASON).orElse("no reason given"));
                remove(mount, message);
            }
            case ENDED -> {
                log.say(mount + " has ended: " + message.find(Field.REASON).orElse("no reason given"));
                remove(mount, message);
            }
            default -> throw new IOException("a worker does not say " + message.verb());
        }
    }

    private void keep(final KeptMount mount, final List<Descriptor> descriptors) {
        mount.further.addAll(descriptors);
        while (mount.further.size() > FURTHER_MAX) {
            mount.further.removeFirst().close();
        }
    }

    private void remove(final KeptMount mount, final Message why) {
        if (mounts.remove(mount.id(), mount)) {
            mount.closeDescriptors();
            mount.prepared().complete(why);
            mount.serving().complete(why);
            mount.ended().complete(why);
        }
    }

    /** Gives up what nobody serves yet, for there is no worker to be had; returns whether there is still something to be served. */
    synchronized boolean giveUpWhatIsNew(final String reason) {
        for (final KeptMount mount : List.copyOf(mounts.values())) {
            if (mount.parameters.isEmpty()) {
                remove(mount, failure(reason));
            }
        }
        return !mounts.isEmpty();
    }

    synchronized boolean isEmpty() {
        return mounts.isEmpty();
    }

    /** The newest mount on a directory. */
    synchronized Optional<KeptMount> on(final String directory) {
        return mounts.values().stream()
                .filter(mount -> mount.description().directory().equals(directory))
                .reduce((older, newer) -> newer);
    }

    /** One message each, for everybody's eyes. */
    synchronized List<Message> list() {
        final String process = worker.filter(WorkerLink::isThere)
                .map(link -> Long.toString(link.process()))
                .orElse("");
        return mounts.values().stream()
                .map(mount -> mount.description()
                        .shownIn(about(mount, Verb.MOUNT))
                        .with(Field.STATE, state(mount, process))
                        .with(Field.WORKER, process)
                        .with(
                                Field.HOLDER,
                                Long.toString(ProcessHandle.current().pid())))
                .toList();
    }

    private static String state(final KeptMount mount, final String process) {
        return mount.parameters.isEmpty() ? "starting" : process.isEmpty() ? "waiting" : "served";
    }
}
