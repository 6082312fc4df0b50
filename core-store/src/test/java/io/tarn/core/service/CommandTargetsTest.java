package io.tarn.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.Command.BodyCase;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.PathBase;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of command is either none that a client may send, or all it names is looked at. */
final class CommandTargetsTest {
    private static final Set<BodyCase> NODES_OWN = EnumSet.of(
            BodyCase.END_SESSIONS,
            BodyCase.CREATE_ROOT,
            BodyCase.SET_VOLUME_POLICY,
            BodyCase.DROP_VOLUME,
            BodyCase.SET_TENANT_QUOTA,
            BodyCase.FORGET_UPLOADS,
            BodyCase.MOVE_BLOCKS,
            BodyCase.CLEANED_EXTENT,
            BodyCase.DROP_EXTENT,
            BodyCase.FORGET_EXTENT,
            BodyCase.TRIM_FEED,
            BodyCase.REAP_CONTENTS,
            BodyCase.ATTACH_VOLUME,
            BodyCase.PREPARE_ROWS,
            BodyCase.COMMIT_ACROSS,
            BodyCase.FINISH_ROWS,
            BodyCase.RELEASE_ROWS,
            BodyCase.RESOLVE_OUTCOME,
            BodyCase.FORGET_OUTCOME,
            BodyCase.RECLAIM_ORPHANS);

    /** Fields of eight bytes that name nothing, or something within what is named beside them. */
    private static final Set<String> NO_IDS = Set.of(
            "CancelLock.owner",
            "LockRecord.owner",
            "LockRecord.session",
            "NewContent.clone_content_generation",
            "PreconditionRecord.modified_nanos",
            "PutPart.upload",
            "CompleteUpload.upload",
            "KeepPromises.session",
            "KeepPromises.give_back",
            "MakeNode.reserved_inode",
            "AbortUpload.upload",
            "ReleaseLock.owner",
            "ReleaseLease.epoch",
            "SetAttributes.atime_nanos",
            "SetAttributes.ctime_nanos",
            "SetAttributes.mtime_nanos",
            "SetAttributes.lease_epoch",
            "WriteContent.lease_epoch",
            "Concatenate.lease_epoch",
            "SetObjectAttributes.expected_generation",
            "Slice.extent",
            "UploadRecord.initiated_nanos",
            "UploadRecord.completed_nanos");

    /** What may not be set, so that nothing is named by it. */
    private static final Set<String> REFUSED =
            Set.of("MakeNode.placed_inode", "Slice.content", "UploadRecord.completed", "WriteContent.attributes");

    private static Command filled(final BodyCase kind, final Set<Long> ids) {
        final Command.Builder command = Command.newBuilder();
        final FieldDescriptor body = Command.getDescriptor().findFieldByNumber(kind.getNumber());
        final Message.Builder inner = command.newBuilderForField(body);
        fill(inner, ids);
        return command.setField(body, inner.build()).build();
    }

    private static void fill(final Message.Builder message, final Set<Long> ids) {
        for (final FieldDescriptor field : message.getDescriptorForType().getFields()) {
            final String name = message.getDescriptorForType().getName() + "." + field.getName();
            if (NO_IDS.contains(name) || REFUSED.contains(name)) {
                continue;
            }
            if (field.getType() == FieldDescriptor.Type.FIXED64) {
                final long id = 1_000L + ids.size();
                ids.add(id);
                set(message, field, id);
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                    && !field.getMessageType().equals(Command.getDescriptor())) {
                final Message.Builder inner = message.newBuilderForField(field);
                fill(inner, ids);
                set(message, field, inner.build());
            }
        }
    }

    private static void set(final Message.Builder message, final FieldDescriptor field, final Object value) {
        if (field.isRepeated()) {
            message.addRepeatedField(field, value);
        } else {
            message.setField(field, value);
        }
    }

    private static Set<Long> named(final Command command) {
        final CommandTargets targets = CommandTargets.of(command);
        final Set<Long> named = new HashSet<>();
        Stream.of(targets.volumes(), targets.inodes(), targets.perhapsGone(), targets.extents())
                .forEach(named::addAll);
        return named;
    }

    private static boolean isRefused(final Command command) {
        try {
            named(command);
            return false;
        } catch (final StorageException refused) {
            assertThat(refused.failure()).isEqualTo(Failure.PERMISSION_DENIED);
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(value = BodyCase.class, mode = EnumSource.Mode.EXCLUDE, names = "BODY_NOT_SET")
    void whatACommandNamesIsLookedAt(final BodyCase kind) {
        final Set<Long> ids = new HashSet<>();
        final Command command = filled(kind, ids);
        if (NODES_OWN.contains(kind)) {
            assertThat(isRefused(command)).isTrue();
        } else {
            assertThat(named(command)).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void aCommandOfNoKnownKindIsRefused() {
        assertThat(isRefused(Command.getDefaultInstance())).isTrue();
    }

    @Test
    void whatAPromiseNamesIsLookedAtUnlessAnEarlierOneMakesIt() {
        final Command.Builder promises = Command.newBuilder();
        promises.getKeepPromisesBuilder()
                .addPromises(make(1, 100))
                .addPromises(make(100, 101))
                .addPromises(make(2, 102));
        assertThat(named(promises.build())).containsExactlyInAnyOrder(1L, 2L);
    }

    private static Command.Builder make(final long parent, final long inode) {
        final Command.Builder make = Command.newBuilder();
        make.getMakeNodeBuilder().setParent(parent).setReservedInode(inode);
        return make;
    }

    @Test
    void whatAClientMayNotSendItMayNotPromise() {
        final Command.Builder promises = Command.newBuilder();
        promises.getKeepPromisesBuilder().addPromises(filled(BodyCase.END_SESSIONS, new HashSet<>()));
        assertThat(isRefused(promises.build())).isTrue();
    }

    @Test
    void whereItBeginsAndTheNameItCameByAreLookedAt() {
        final Command command = filled(BodyCase.OPEN_SESSION, new HashSet<>()).toBuilder()
                .setBase(PathBase.newBuilder().setDirectory(7))
                .setVia(NodeName.newBuilder().setParent(8))
                .build();
        assertThat(named(command)).containsExactlyInAnyOrder(7L, 8L);
    }

    @Test
    void whatOnlyANodeMaySetIsRefused() {
        final Command.Builder placed = filled(BodyCase.MAKE_NODE, new HashSet<>()).toBuilder();
        placed.getMakeNodeBuilder().setPlacedInode(9);
        assertThat(isRefused(placed.build())).isTrue();
        final Command.Builder completed = filled(BodyCase.CREATE_UPLOAD, new HashSet<>()).toBuilder();
        completed.getCreateUploadBuilder().getUploadBuilder().getCompletedBuilder();
        assertThat(isRefused(completed.build())).isTrue();
        final Command.Builder written = filled(BodyCase.WRITE_CONTENT, new HashSet<>()).toBuilder();
        written.getWriteContentBuilder().getAttributesBuilder().setInode(9);
        assertThat(isRefused(written.build())).isTrue();
        final Command.Builder shared = filled(BodyCase.PUT_OBJECT, new HashSet<>()).toBuilder();
        shared.getPutObjectBuilder().getContentBuilder().addSlicesBuilder().setContent(9);
        assertThat(isRefused(shared.build())).isTrue();
    }
}
