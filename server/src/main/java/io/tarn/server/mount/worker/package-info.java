/**
 * The process that serves all mounts of a user on this machine: a client of the node and a file system for each, what can be shared shared. It
 * is told what to do by the holder, may be killed at any moment, and has a successor then.
 */
package io.tarn.server.mount.worker;
