package io.tarn.core.service;

import io.tarn.client.Administration;
import io.tarn.client.ChangeFeed;
import io.tarn.client.Volume;
import io.tarn.core.control.RemoteSessions;
import io.tarn.core.extent.BufferPool;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.session.BlockReader;
import io.tarn.core.session.ShardMap;
import io.tarn.core.session.ShardNames;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What of a node a service stands on.
 *
 * @param sessions sessions in the control group
 * @param administration for credentials, and volumes by name
 * @param volumes volumes by id, from memory
 * @param shards the node's own sessions with its shards
 * @param names the node's own view of names, for commits between shards
 * @param changes the change feed
 * @param extents where bytes are appended
 * @param blocks where they are read
 * @param extentDirectory where they lie
 * @param buffers memory for bytes on their way
 * @param tokenKey the cluster's key for tokens
 */
public record ServiceParts(
        RemoteSessions sessions,
        Administration administration,
        LongFunction<Optional<Volume>> volumes,
        ShardMap shards,
        ShardNames names,
        ChangeFeed changes,
        ExtentTarget extents,
        BlockReader blocks,
        Path extentDirectory,
        BufferPool buffers,
        byte[] tokenKey) {}
