// How it stands with each block's recording, on the block.

export function showBadges(badges) {
  void badges;
}
