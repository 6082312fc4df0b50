package io.tarn.core.shard;

import java.util.List;
import java.util.Objects;

/**
 * A Raft group that a node takes part in.
 *
 * @param number of the shard; 0 is the control group
 * @param members of the group when it is first started; empty for this node alone. Later its log says who they are
 * @param state what the log's entries are applied to
 */
public record ShardSpec(int number, List<Member> members, ReplicatedState state) {
    public ShardSpec {
        members = List.copyOf(members);
        Objects.requireNonNull(state);
        if (number < 0 || number > 0xffff) {
            throw new IllegalArgumentException("shard number " + number);
        }
    }

    public static ShardSpec alone(final int number, final ReplicatedState state) {
        return new ShardSpec(number, List.of(), state);
    }

    /**
     * @param node name of the node
     * @param host where its Raft port listens
     * @param port the Raft port
     */
    public record Member(String node, String host, int port) {
        public Member {
            Objects.requireNonNull(node);
            Objects.requireNonNull(host);
            if (port < 1 || port > 0xffff) {
                throw new IllegalArgumentException("port " + port + " of " + node);
            }
        }
    }
}
