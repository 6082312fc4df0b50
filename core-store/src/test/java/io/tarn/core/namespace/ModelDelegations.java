package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.namespace.wire.AcquireDelegation;
import io.tarn.core.namespace.wire.BrokenPromise;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.KeepPromises;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.ReserveInodes;
import io.tarn.core.namespace.wire.Visit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Delegations in the model. Which commands come to a held directory is not worked out: what is turned away has to be turned away by a session
 * that holds the directory it names, and what is not may change nothing in a directory that another session holds.
 */
final class ModelDelegations {
    private final Model model;
    private final ModelTree tree;
    /** Who holds which directory. */
    private final TreeMap<Long, Long> held = new TreeMap<>();

    private final Map<Long, Integer> ranges = new HashMap<>();

    ModelDelegations(final Model model, final ModelTree tree) {
        this.model = model;
        this.tree = tree;
    }

    /** The shard has turned a command away. */
    void visited(final Command command, final Visit visit) {
        assertThat(held).containsEntry(visit.getDirectory(), visit.getSession());
        assertThat(visit.getSession() != command.getSession()
                        || command.hasSetVolumePolicy()
                        || command.hasDropVolume())
                .as("nobody is turned away from what he holds himself")
                .isTrue();
    }

    /** What is in directories that others hold. */
    Map<Long, List<String>> ofOthers(final Command command) {
        if (command.hasEndSessions()) {
            return Map.of();
        }
        final Map<Long, List<String>> all = new TreeMap<>();
        held.forEach((directory, session) -> {
            if (session != command.getSession()) {
                all.put(directory, entries(directory));
            }
        });
        return all;
    }

    private List<String> entries(final long directory) {
        for (final ModelVolume volume : model.volumes.values()) {
            final Optional<Key> key = ModelPath.directory(volume, directory);
            if (key.isPresent()) {
                return ModelPath.children(volume, key.get()).stream()
                        .map(child -> Key.of(child.shown()) + (child.directory() ? "/" : ""))
                        .sorted()
                        .collect(Collectors.toList());
            }
        }
        return List.of("gone");
    }

    void assertUnchanged(final Map<Long, List<String>> before) {
        before.forEach((directory, entries) -> assertThat(entries(directory))
                .as("in %x, which another holds", directory)
                .isEqualTo(entries));
    }

    void run(final long now, final Command command, final Reply reply) {
        switch (command.getBodyCase()) {
            case ACQUIRE_DELEGATION -> acquire(command.getAcquireDelegation(), command.getSession(), reply);
            case RESERVE_INODES -> reserve(command.getReserveInodes(), command.getSession(), reply);
            default -> keep(now, command.getKeepPromises(), command.getSession(), reply);
        }
    }

    private void acquire(final AcquireDelegation command, final long session, final Reply reply) {
        final long directory = command.getDirectory();
        final Optional<Long> holder = Optional.ofNullable(held.get(directory));
        if (holder.filter(other -> other != session).isPresent()) {
            assertThat(reply.getDelegation().getGranted()).isFalse();
            return;
        }
        Refused.unless(model.inodeExists(directory), Failure.NOT_FOUND);
        Refused.unless(model.file(directory).isEmpty(), Failure.NOT_A_DIRECTORY);
        if (reply.getDelegation().getGranted()) {
            final ModelVolume volume = tree.place(directory).volume();
            assertThat(volume.versioning).isEqualTo(Versioning.OFF);
            if (holder.isEmpty()) {
                held.put(directory, session);
                model.event(EventType.DELEGATED, volume.id, 0, new byte[0], directory, 0);
            }
        }
    }

    private void reserve(final ReserveInodes command, final long session, final Reply reply) {
        Refused.unless(ranges.getOrDefault(session, 0) < DelegationCommands.RANGES_MAX, Failure.TOO_LARGE);
        Model.succeeded(reply);
        ranges.merge(session, 1, Integer::sum);
        model.newInode(reply.getId().getId());
        for (int more = 1; more < command.getCount(); more++) {
            model.untoldInode();
        }
    }

    private void keep(final long now, final KeepPromises command, final long session, final Reply reply) {
        Refused.unless(command.getSession() == session, Failure.STALE_SESSION);
        Model.succeeded(reply);
        final Map<Integer, String> broken = reply.getKept().getBrokenList().stream()
                .collect(Collectors.toMap(BrokenPromise::getPlace, BrokenPromise::getFailure));
        for (int place = 0; place < command.getPromisesCount(); place++) {
            if ("UNAVAILABLE".equals(broken.get(place))) {
                // Another holds what it is about; whoever promises only what he holds does not come here.
                continue;
            }
            final int events = model.events.size();
            try {
                tree.run(now, command.getPromises(place), Reply.getDefaultInstance());
                assertThat(broken).doesNotContainKey(place);
            } catch (final Refused refused) {
                model.events.subList(events, model.events.size()).clear();
                assertThat(broken).containsEntry(place, refused.failure.name());
            }
            model.volumes.values().forEach(ModelVolume::sweep);
        }
        new ArrayList<>(command.getGiveBackList()).forEach(directory -> held.remove(directory, session));
    }

    void endSession(final long session) {
        held.values().removeIf(holder -> holder == session);
        ranges.remove(session);
    }

    /** Directories that are gone, or only implied by now, are nobody's. */
    void forgetGone() {
        held.keySet().removeIf(directory -> {
            for (final ModelVolume volume : model.volumes.values()) {
                if (volume.root == directory) {
                    return false;
                }
                final Optional<Key> key = ModelPath.directory(volume, directory);
                if (key.isPresent()) {
                    return !volume.directories.get(key.get()).explicit;
                }
            }
            return true;
        });
    }
}
