/**
 * The state machine of names: inodes, entries, versions, uploads, the slices that bind bytes to files, and the extents those
 * bytes lie in. Pure and deterministic; it runs in a {@link io.tarn.core.shard.Shard} and is read through
 * {@link io.tarn.core.namespace.NamespaceQueries} and {@link io.tarn.core.namespace.NodeQueries}.
 *
 * <p>A command is handled by the class of its subject ({@code ObjectCommands}, {@code UploadCommands}, {@code ExtentCommands},
 * {@code VolumeCommands}; by inode {@code NodeCommands}, {@code RenameCommands}, {@code FileCommands}, {@code LockCommands},
 * {@code LeaseCommands}); what they share is the {@code Transaction} of the log entry, the {@code Directories} (tree),
 * {@code Contents} (slices and block references) and {@code Accounts} (quota and usage).
 */
package io.tarn.core.namespace;
