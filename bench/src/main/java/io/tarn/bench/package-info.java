/**
 * The whole-system benchmark: one command that loads one or two S3 endpoints on this machine and prints what an operation
 * costs. This package holds the command line; nothing outside of {@code bench/} may call it.
 */
package io.tarn.bench;
