/**
 * A file system as programs see it, over the protocol-neutral client: the operations a kernel asks for, with errno results. Knows of
 * no kernel interface; transports call it and nothing else.
 */
package io.tarn.posix.fs;
