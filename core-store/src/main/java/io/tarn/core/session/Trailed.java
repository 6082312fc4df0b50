package io.tarn.core.session;

import io.tarn.client.CommandTrail;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.Reply;
import java.util.Optional;

/** Which commands leave a {@link CommandTrail}, and what their replies say. */
public final class Trailed {
    private Trailed() {}

    static Optional<CommandTrail> of(final Command.Builder command) {
        return CommandTrail.CURRENT.isBound() && isUnrepeatable(command)
                ? Optional.of(CommandTrail.CURRENT.get())
                : Optional.empty();
    }

    private static boolean isUnrepeatable(final Command.Builder command) {
        return switch (command.getBodyCase()) {
            case MAKE_NODE, LINK_NODE, UNLINK_NODE, REMOVE_DIRECTORY, RENAME_NODE, SET_XATTR -> true;
            case WRITE_CONTENT -> command.getWriteContent().getAppend();
            case COMMIT_ACROSS -> isUnrepeatable(command.getCommitAcross().getCommand().toBuilder());
            default -> false;
        };
    }

    /** What a reply says; empty for one of a command that changed nothing. */
    public static Optional<CommandTrail.Outcome> outcome(final Reply reply) {
        if (!reply.getFailure().isEmpty() || reply.getElsewhere() || reply.hasHeld()) {
            return Optional.empty();
        }
        final NodeReply node = reply.getNode();
        return Optional.of(new CommandTrail.Outcome(node.getInode(), node.getOffset()));
    }
}
