#!/usr/bin/env node
// Installs the Python tools we measure ourselves against, unless they are there.
import { pythonOfPeers } from './python-peers.mjs';

console.log(`Python of the peers: ${pythonOfPeers()}`);
